/**
 * What the receiver takes and keeps at most. Anybody on this machine may send it anything, and it shares its process with the storefront:
 * what is too much is refused or cut, and what is kept has a bound in bytes.
 */
export const limits = {
  /** Bytes of one request, and of the same unpacked; a batch of 512 spans of the demo is a tenth of it. */
  bodyBytes: 8 * 1_024 * 1_024,
  /** Bytes of all bodies that are being received at the same time. */
  bodiesBytes: 32 * 1_024 * 1_024,
  /** How deep JSON may be nested; OTLP needs about a dozen levels. */
  depth: 64,
  /** Spans that are decoded between two turns of the event loop. */
  slice: 250,
  /** Characters of a name, a key and a value. What is longer is cut. */
  nameLength: 256,
  valueLength: 1_024,
  /** Attributes of a span or an event, events and links of a span, and elements of a list. Further ones are dropped. */
  attributes: 64,
  events: 64,
  links: 32,
  elements: 32,
  /** How deep lists may stand in lists. */
  listDepth: 3,
} as const;
