export type {
  Alternate,
  AlternatePolicy,
  Fallback,
  FallbackCallOption,
  FallbackFor,
  FallbackOption,
  FallbackOptions,
  FallbackReason,
} from './options.js';
