/** Attributes of what redress emits itself, by the names of its registry. */
export type EmittedAttributes = Record<string, string | number | boolean>;
