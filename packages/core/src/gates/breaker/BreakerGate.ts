import type { CircuitState } from '../../model/CircuitState.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import { CircuitOpenError } from './CircuitOpenError.js';
import type { Refusal } from '../../model/Refusal.js';
import type { CallRecorder } from '../../telemetry/port/CallRecorder.js';
import { ATTR_REDRESS_OBSERVE_ONLY } from '../../telemetry/port/semconv.js';
import type { TimeReader } from '../../timers/TimeReader.js';
import type { Entry, Gate, Lease, Verdict } from '../Gate.js';
import type { BreakerLease, BreakerRefusal } from './BreakerLease.js';
import type { BreakerTransition } from './BreakerTransition.js';
import type { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import type { TransitionListener } from './TransitionListener.js';
import { refusalFacts, TRANSITION_EVENT, transitionFacts } from './circuitFacts.js';

/**
 * A circuit breaker as a gate: a lease or a refusal on the way in, the lease back on the way out.
 * The engine decides, the recorder is told, and what is left to do is the caller's.
 */
export abstract class BreakerGate implements Gate {
  /** The lease that all calls share while the circuit is closed; made anew when it closed again. */
  private passing: CircuitLease | undefined;

  constructor(
    readonly engine: CircuitBreakerEngine,
    protected readonly time: TimeReader,
  ) {}

  /** `circuit.name` in telemetry. */
  abstract get name(): string;

  enter(callNowMs: number, attempt: number, entry: Entry): Lease | Refusal {
    const closed = this.engine.closedLease;
    if (closed === undefined) return this.enterOpened(callNowMs, attempt, entry.recorder);
    if (this.passing?.lease !== closed) this.passing = new CircuitLease(this, closed);
    return this.passing;
  }

  refusal(callNowMs: number): Refusal | undefined {
    const { engine } = this;
    const nowMs = this.time.at(callNowMs);
    if (!engine.refuses(nowMs)) return undefined;
    return new CircuitRefusal(this.name, engine.stateAt(nowMs), engine.retryAfterMs(nowMs), engine.openedBy);
  }

  leave(lease: BreakerLease, verdict: Verdict, callNowMs: number, durationMs: number, attempt: number, entry: Entry): void {
    if (verdict === 'none') {
      this.engine.release(lease);
      return;
    }
    const nowMs = this.time.at(callNowMs);
    const transition =
      verdict === 'success'
        ? this.engine.succeed(lease, nowMs, durationMs)
        : this.engine.fail(lease, nowMs, durationMs, verdict.errorClass, entry.recorder?.cause(), verdict.retryAfterMs);
    if (transition !== undefined || this.engine.isSlow(durationMs)) this.tellEnd(transition, durationMs, attempt, entry.recorder);
  }

  private tellEnd(
    transition: BreakerTransition | undefined,
    durationMs: number,
    attempt: number,
    recorder: CallRecorder | undefined,
  ): void {
    if (this.engine.isSlow(durationMs)) recorder?.event('slow_call', attempt);
    if (transition !== undefined) this.tell(transition, attempt, recorder);
  }

  private enterOpened(callNowMs: number, attempt: number, recorder: CallRecorder | undefined): Lease | Refusal {
    const answer = this.engine.enter(this.time.at(callNowMs));
    if (answer.kind === 'refusal') return this.refusalOf(answer, recorder);
    if (answer.probe) recorder?.link(answer.openedBy, this.name);
    if (answer.transition !== undefined) this.tell(answer.transition, attempt, recorder);
    if (answer.observed !== undefined) {
      const facts = refusalFacts(this.name, answer.observed.state, answer.observed.retryAfterMs);
      recorder?.event('circuit_rejected', attempt, { ...facts, [ATTR_REDRESS_OBSERVE_ONLY]: true });
    }
    return new CircuitLease(this, answer);
  }

  private refusalOf({ state, retryAfterMs, openedBy }: BreakerRefusal, recorder: CallRecorder | undefined): Refusal {
    recorder?.link(openedBy, this.name);
    return new CircuitRefusal(this.name, state, retryAfterMs, openedBy);
  }

  /** Told of each change of state that a call made. */
  protected changed(_transition: BreakerTransition): void {}

  /** Told last, for what it does may be the user's code. */
  protected acts(_transition: BreakerTransition): void {}

  private tell(transition: BreakerTransition, attempt: number, recorder: CallRecorder | undefined): void {
    this.changed(transition);
    recorder?.event(TRANSITION_EVENT[transition.to], attempt, transitionFacts(this.name, transition));
    this.acts(transition);
  }
}

/** A circuit breaker as a gate of one policy that has it alone, or shares it with others. */
export class PolicyBreakerGate extends BreakerGate {
  constructor(
    readonly name: string,
    engine: CircuitBreakerEngine,
    time: TimeReader,
    private readonly listener: TransitionListener | undefined,
  ) {
    super(engine, time);
  }

  protected override acts(transition: BreakerTransition): void {
    this.listener?.tell(this.name, transition);
  }
}

/** Leave by a circuit: the one that all calls share while it is closed, or that of a probe. */
class CircuitLease implements Lease {
  readonly kind = 'lease';

  constructor(
    private readonly gate: BreakerGate,
    readonly lease: BreakerLease,
  ) {}

  leave(verdict: Verdict, nowMs: number, durationMs: number, attempt: number, entry: Entry): void {
    this.gate.leave(this.lease, verdict, nowMs, durationMs, attempt, entry);
  }
}

/** No leave, as the circuit is open, or half-open with every probe's place taken. */
export class CircuitRefusal implements Refusal {
  readonly kind = 'refusal';
  readonly stopReason = 'CIRCUIT_OPEN';

  constructor(
    private readonly circuit: string,
    readonly state: CircuitState,
    readonly retryAfterMs: number,
    readonly link: unknown,
  ) {}

  facts(): EmittedAttributes {
    return refusalFacts(this.circuit, this.state, this.retryAfterMs);
  }

  error(cause: unknown): Error {
    const { circuit, state, retryAfterMs } = this;
    return new CircuitOpenError({ circuit, state, retryAfterMs, cause });
  }
}
