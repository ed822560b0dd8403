import { properName } from '../model/properName.js';
import type { GaugeObserver } from '../telemetry/port/Telemetry.js';
import type { Gate } from './Gate.js';
import type { GateHandle, GateInUse, GateOfKey, GatePart, GatesOfKeys, KeyOwner, KeysOwner } from './GatePart.js';

/** Gates that are made for each key as they are for a policy, and named after both. */
export class EachKey implements GatesOfKeys {
  constructor(
    private readonly part: GatePart,
    private readonly where: string,
    private readonly options: object,
    private owner: KeysOwner,
  ) {}

  use({ key, telemetry }: KeyOwner): GateOfKey {
    const { part, options, owner } = this;
    const handle = part.make(this.where, options);
    const policy = properName(`${owner.policy}/${key}`);
    return new OneKey(this, handle, part.use(handle, { ...owner, policy, telemetry }, options));
  }

  update(owner: KeysOwner): void {
    this.owner = owner;
  }
}

class OneKey implements GateOfKey {
  constructor(
    readonly gates: GatesOfKeys,
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

  isAtRest(nowMs: number): boolean {
    return this.inUse.isAtRest?.(nowMs) ?? true;
  }

  release(): void {
    this.inUse.release?.();
  }

  forget(): void {
    this.release();
    this.handle.dispose?.();
  }
}
