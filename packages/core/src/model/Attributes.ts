/** Values an OpenTelemetry attribute may have. */
export type AttributeValue = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[];

/** Attributes of a span, by name. They are put on the span alone, never on a metric. */
export interface Attributes {
  readonly [name: string]: AttributeValue | undefined;
}
