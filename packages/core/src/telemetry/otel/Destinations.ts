import type { Tracer } from '@opentelemetry/api';
import type { EventName } from '../../model/EventName.js';
import { LogSeverity } from '../port/LogSeverity.js';
import type { ResolvedConfig } from './config.js';
import type { Diagnostics } from './Diagnostics.js';
import type { FirstRefusals } from './FirstRefusals.js';
import type { LogSink } from './LogSink.js';
import type { MetricPipeline } from './metrics/MetricPipeline.js';
import type { ProcessTime } from './ProcessTime.js';

/** Where telemetry goes, as it is between two changes of a provider or an option. A call keeps the one it began with. */
export class Destinations {
  /** Whether counts and durations of calls are all that is wanted. */
  readonly countsOnly: boolean;

  constructor(
    readonly config: ResolvedConfig,
    readonly diagnostics: Diagnostics,
    /** Whether there are spans at all, be they ours or others'. */
    readonly traced: boolean,
    /** Makes the calls' spans; undefined when nobody wants them. */
    readonly tracer: Tracer | undefined,
    readonly metrics: MetricPipeline | undefined,
    readonly logs: LogSink | undefined,
    readonly refusals: FirstRefusals,
    readonly time: ProcessTime,
  ) {
    this.countsOnly = !traced && tracer === undefined && logs === undefined && metrics !== undefined && !config.attemptDuration;
  }

  emitsLog(event: EventName, severity: LogSeverity): boolean {
    if (this.logs === undefined) return false;
    if (event === 'success') return this.config.logSuccess;
    return LogSeverity[severity] >= this.config.logSeverity;
  }
}
