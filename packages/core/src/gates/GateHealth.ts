/** How a gate stands. */
export interface GateHealth {
  /** Plain data, as JSON can hold it: no undefined, no NaN, no Infinity. */
  readonly stats: object;
  /** What is wrong with it; undefined when nothing is. Being used to its limit is not wrong. */
  readonly trouble?: GateTrouble | undefined;
}

/** What is wrong with a gate. */
export interface GateTrouble {
  /** A sentence for people. */
  readonly what: string;
  /** It refuses every call now, and a policy that has it takes none. */
  readonly refuses: boolean;
}
