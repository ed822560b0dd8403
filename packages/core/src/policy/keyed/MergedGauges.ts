import { MERGES } from '../../telemetry/port/merges.js';
import type { MetricDefinition } from '../../telemetry/port/semconv.js';
import type { GaugeObserver } from '../../telemetry/port/Telemetry.js';

interface Row {
  readonly metric: MetricDefinition;
  readonly detail: string | undefined;
  value: number;
}

/** What many have, as the one policy that they are tells it: each metric's sum, or least, or greatest, as the registry says of `_other`. */
export class MergedGauges implements GaugeObserver {
  private readonly rows = new Map<string, Row>();

  observe(metric: MetricDefinition, value: number, detail?: string): void {
    const key = detail === undefined ? metric.name : `${metric.name}|${detail}`;
    const row = this.rows.get(key);
    if (row === undefined) this.rows.set(key, { metric, detail, value });
    else row.value = MERGES[metric.merge?.other ?? 'last'](row.value, value);
  }

  tell(observer: GaugeObserver): void {
    for (const { metric, value, detail } of this.rows.values()) observer.observe(metric, value, detail);
  }
}
