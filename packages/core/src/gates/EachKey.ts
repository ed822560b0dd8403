import { properName } from '../model/properName.js';
import type { GaugeObserver } from '../telemetry/port/Telemetry.js';
import type { Gate } from './Gate.js';
import type { GateHealth } from './GateHealth.js';
import type { GateHandle, GateInUse, GateOfKey, GatePart, GatesOfKeys, KeyOwner, KeysOwner } from './GatePart.js';

/** Gates that are made for each key as they are for a policy, and named after both. */
export class EachKey implements GatesOfKeys {
  constructor(
    private readonly part: GatePart,
    private readonly where: string,
    private readonly options: object,
    private owner: KeysOwner,
    private readonly scope: GateInUse['scope'] | undefined,
  ) {}

  use(owner: KeyOwner): GateOfKey {
    return this.take(this.part.make(this.where, this.options, this.scope), owner);
  }

  take(handle: GateHandle, key: KeyOwner): GateOfKey {
    const { part, options, owner } = this;
    const policy = properName(`${owner.policy}/${key.key}`);
    return new OneKey(this, key, handle, part.use(handle, { ...owner, policy, telemetry: key.telemetry }, options));
  }

  update(owner: KeysOwner): void {
    this.owner = owner;
  }
}

class OneKey implements GateOfKey {
  constructor(
    readonly gates: EachKey,
    private readonly owner: KeyOwner,
    readonly handle: GateHandle,
    private readonly inUse: GateInUse,
  ) {}

  get gate(): Gate {
    return this.inUse.gate;
  }

  get scope(): GateInUse['scope'] {
    return this.inUse.scope;
  }

  observe(observer: GaugeObserver): void {
    this.inUse.observe?.(observer);
  }

  health(): GateHealth | undefined {
    return this.inUse.health?.();
  }

  isAtRest(nowMs: number): boolean {
    return this.inUse.isAtRest?.(nowMs) ?? true;
  }

  /** By the policy's clock as it is now. */
  renew(): GateOfKey {
    const next = this.gates.take(this.handle, this.owner);
    this.release();
    return next;
  }

  release(): void {
    this.inUse.release?.();
  }

  forget(): void {
    this.release();
    this.handle.dispose?.();
  }
}
