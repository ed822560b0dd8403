import { check, oneOf, wrong } from '../../../model/rules.js';
import { consecutive } from './consecutive.js';
import { count } from './count.js';
import { rate } from './rate.js';
import type { TripKind, TripSettings } from './Trip.js';

/** Every way to trip: the list. */
const TRIPS = [rate, count, consecutive] as const;

type OptionsOf<Kind> = Kind extends TripKind<infer Options> ? Options : never;

/** What opens a circuit. */
export type TripOptions = OptionsOf<(typeof TRIPS)[number]>;

const type = oneOf(TRIPS.map((kind) => kind.type));

/** Checks what opens a circuit, and fills in the defaults. Throws a TypeError that names the option, the value and the rule. */
export function resolveTrip(where: string, options: TripOptions): TripSettings {
  const kind = kindOf(options);
  if (kind === undefined) throw wrong(where, 'trip.type', type.must, options.type);
  check(where, options, { type, ...kind.rules }, 'trip.');
  return kind.resolve(where, options);
}

/** The kind that takes these options; each takes those of its own type. */
function kindOf(options: TripOptions): TripKind<TripOptions> | undefined {
  const kinds: readonly { readonly type: string }[] = TRIPS;
  return kinds.find((kind): kind is TripKind<TripOptions> => kind.type === options.type);
}
