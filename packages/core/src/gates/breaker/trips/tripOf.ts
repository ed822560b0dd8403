import { ConsecutiveTrip } from './ConsecutiveTrip.js';
import { CountTrip } from './CountTrip.js';
import { RateTrip } from './RateTrip.js';
import type { Trip } from './Trip.js';
import type { ResolvedTrip } from '../BreakerSettings.js';

export function tripOf(trip: ResolvedTrip, nowMs: number): Trip {
  switch (trip.type) {
    case 'rate':
      return new RateTrip(trip, nowMs);
    case 'count':
      return new CountTrip(trip);
    case 'consecutive':
      return new ConsecutiveTrip(trip);
  }
}
