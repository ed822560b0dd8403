import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { EventName } from '../../model/EventName.js';
import type { LogSeverity } from '../port/LogSeverity.js';
import { ATTR_CIRCUIT_NAME, EVENT_SEVERITY } from '../port/semconv.js';

const MOST = 10_000;

/** How severe an event is: an open circuit refuses thousands of calls, of which one is worth a warning. */
export class FirstRefusals {
  /** Circuits that refused since they last opened or closed. */
  private readonly refused = new Set<unknown>();

  severityOf(event: EventName, facts: Readonly<EmittedAttributes> | undefined): LogSeverity {
    const circuit = facts?.[ATTR_CIRCUIT_NAME];
    if (event === 'circuit_opened' || event === 'circuit_closed') this.refused.delete(circuit);
    if (event !== 'circuit_rejected' || this.refused.has(circuit)) return EVENT_SEVERITY[event];
    if (this.refused.size >= MOST) this.refused.clear();
    this.refused.add(circuit);
    return 'WARN';
  }
}
