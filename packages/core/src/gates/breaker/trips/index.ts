import { ownCopy } from '../../../model/ownCopy.js';
import { check, oneOf, wrong } from '../../../model/rules.js';
import { type ConsecutiveTrip, consecutive } from './consecutive.js';
import { type CountTrip, count } from './count.js';
import { type RateTrip, rate } from './rate.js';
import type { TripKind, TripSettings } from './Trip.js';

/** What opens a circuit: one of the list below. */
export type TripOptions = RateTrip | CountTrip | ConsecutiveTrip;

/** Every way to trip. */
const TRIPS = [rate, count, consecutive];

const type = oneOf(TRIPS.map((kind) => kind.type));

/** Checks what opens a circuit, each option read once, and fills in the defaults. Throws a TypeError that names the option, the value and the rule. */
export function resolveTrip(where: string, given: TripOptions): TripSettings {
  const options = ownCopy(where, given, 'trip');
  const kind = kindOf(options.type);
  if (kind === undefined) throw wrong(where, 'trip.type', type.must, options.type);
  return kind.resolve(where, check(where, options, { type, ...kind.rules }, 'trip.'));
}

/** The kind that takes these options; each takes those of its own type. */
function kindOf(name: string): TripKind<TripOptions> | undefined {
  const kinds: readonly { readonly type: string }[] = TRIPS;
  return kinds.find((kind): kind is TripKind<TripOptions> => kind.type === name);
}
