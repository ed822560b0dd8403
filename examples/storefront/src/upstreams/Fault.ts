/** The three services that the storefront depends on. */
export const upstreamNames = ['inventory', 'pricing', 'payments'] as const;

/** One of {@link upstreamNames}. */
export type UpstreamName = (typeof upstreamNames)[number];

/** What goes wrong with one request. */
export type Fault =
  | { readonly kind: 'none' }
  /** Answers with this status at once; `retryAfterSeconds` becomes a Retry-After header. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number | undefined }
  /** Headers and half the body at once, the other half `delayMs` later. */
  | { readonly kind: 'slow-body'; readonly delayMs: number }
  /** A TCP reset, before any byte of the answer or in the middle of the body. */
  | { readonly kind: 'reset'; readonly at: 'request' | 'body' }
  /** Never answers. */
  | { readonly kind: 'hang' };

/** Nothing goes wrong. */
export const noFault: Fault = { kind: 'none' };

/** The request a fault is chosen for; `number` counts the requests of its upstream from 1. */
export interface FaultRequest {
  readonly upstream: UpstreamName;
  readonly number: number;
}

/** Chooses what goes wrong. Called once per accepted request. */
export type FaultPlan = (request: FaultRequest) => Fault;
