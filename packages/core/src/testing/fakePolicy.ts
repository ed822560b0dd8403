import type { Gate, Lease } from '../gates/Gate.js';
import type { Refusal } from '../model/Refusal.js';
import type { RefusalReason } from '../model/StopReason.js';
import type { CallOptions } from '../runtime/CallOptions.js';
import type { Policy } from '../policy/Policy.js';
import { makeParts } from '../policy/PolicyParts.js';
import { LivePolicy } from '../policy/LivePolicy.js';
import { PolicyHandle } from '../policy/PolicyHandle.js';
import { FakeClock } from './FakeClock.js';
import type { Step } from './script.js';
import { standIn } from './standIn.js';

/** A call that is refused, as by a gate. */
export interface Refusing {
  /** Why. */
  readonly stopReason: RefusalReason;
  /** What the call rejects with. */
  readonly error: Error;
}

/** What a fake policy does with a call: calls its function, answers by a step instead, or refuses. */
export type FakeAnswer = typeof calling | Step<unknown> | Refusing;

/** The function is called, once. */
export const calling = 'calling';

/** The call is refused for this reason, and rejects with this error: `refusing('CIRCUIT_OPEN', new CircuitOpenError({ … }))`. */
export function refusing(stopReason: RefusalReason, error: Error): Refusing {
  return { stopReason, error };
}

function refusalOf({ stopReason, error }: Refusing): Refusal {
  const { retryAfterMs = 0 } = error as Error & { readonly retryAfterMs?: number };
  return { kind: 'refusal', stopReason, retryAfterMs, link: undefined, facts: () => ({}), error: () => error };
}

/** A policy that does what it is told. */
export interface FakePolicy extends Policy {
  /** Calls made so far. */
  readonly callCount: number;
  /** The same policy, of the same script, with options preset for its calls. */
  with(options: CallOptions): FakePolicy;
}

/**
 * A policy for code that wants one: it calls the function once, with neither retry nor timeout, or does with each call what the next of the
 * answers says; the last one goes on for ever. It is in no registry, its time stands still, and what it tells telemetry is what a real one
 * would.
 *
 * ```ts
 * import { CircuitOpenError } from '@redress/core';
 * import { calling, failing, fakePolicy, giving, refusing } from '@redress/core/testing';
 *
 * const down = new CircuitOpenError({ circuit: 'inventory', retryAfterMs: 5_000 });
 * const inventory = fakePolicy('inventory', giving('in stock'), failing(503), refusing('CIRCUIT_OPEN', down), calling);
 * await inventory.call(() => 'asked'); // 'in stock'
 * ```
 */
export function fakePolicy(name = 'fake', ...answers: readonly FakeAnswer[]): FakePolicy {
  const gate = new ScriptedGate();
  const parts = makeParts(name, { clock: new FakeClock(), retry: false, keepAlive: false });
  const state = new LivePolicy(parts, ({ telemetry }) => telemetry.dispose());
  state.standBefore(() => gate);
  let callCount = 0;
  const extra = {
    get callCount() {
      return callCount;
    },
  };
  return standIn(
    new PolicyHandle<never>({ state, preset: undefined }),
    (real, { method, fn, options }) => {
      const answer = answers[Math.min(callCount++, answers.length - 1)] ?? calling;
      gate.next = typeof answer === 'object' ? refusalOf(answer) : undefined;
      return real[method](typeof answer === 'function' ? answer : fn, options);
    },
    extra,
  );
}

/** Refuses the next call when it is told to. */
class ScriptedGate implements Gate {
  next: Refusal | undefined;
  readonly #lease: Lease = { kind: 'lease', leave: () => {} };

  enter(): Lease | Refusal {
    const { next } = this;
    this.next = undefined;
    return next ?? this.#lease;
  }
}
