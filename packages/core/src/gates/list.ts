import { circuitBreaker } from './breaker/part.js';
import type { GatePart } from './GatePart.js';

/** Every gate that a policy may have, the outermost first: the list. */
export const GATES = [circuitBreaker] as const;

type GivenOf<Part> = Part extends GatePart<string, infer Given> ? Given : never;
type HandleOf<Part> = Part extends GatePart<string, object, infer Handle> ? Handle : never;
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void ? All : never;

/** The options of a policy that are gates. */
export type GateOptions = Intersection<GivenOf<(typeof GATES)[number]>>;

/** The gates of a policy, by option; undefined where it was made without. */
export type PolicyGates = { readonly [Part in (typeof GATES)[number] as Part['option']]: HandleOf<Part> | undefined };
