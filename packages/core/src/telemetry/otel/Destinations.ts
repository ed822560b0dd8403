import type { Tracer } from '@opentelemetry/api';
import type { EventName } from '../../model/EventName.js';
import type { Diagnostics } from './Diagnostics.js';
import type { LogSink } from './LogSink.js';
import { LogSeverity } from './LogSink.js';
import type { MetricPipeline } from './metrics/MetricPipeline.js';
import type { ResolvedConfig } from './ResolvedConfig.js';
import { EVENT_SEVERITY } from '../semconv.js';

/** Where telemetry goes, as it is between two changes of a provider or an option. A call keeps the one it began with. */
export class Environment {
  constructor(
    readonly config: ResolvedConfig,
    readonly diagnostics: Diagnostics,
    /** Whether there are spans at all, be they ours or others'. */
    readonly traced: boolean,
    /** Makes the calls' spans; undefined when nobody wants them. */
    readonly tracer: Tracer | undefined,
    readonly metrics: MetricPipeline | undefined,
    readonly logs: LogSink | undefined,
  ) {}

  emitsLog(event: EventName): boolean {
    if (this.logs === undefined) return false;
    if (event === 'success') return this.config.logSuccess;
    return LogSeverity[EVENT_SEVERITY[event]] >= this.config.logSeverity;
  }
}
