// Made by scripts/semconv.js from semconv/redress.yaml; edit that instead.
// Only tests and docs read this: nothing that runs in production imports it.

/** A type an attribute's value may have. */
export interface ListedAttribute {
  readonly type: string;
  readonly members?: readonly string[] | undefined;
}

/** The attributes something must carry, and those it may. */
export interface ListedSet {
  readonly required: readonly string[];
  readonly conditional: readonly string[];
  /** The option that turns it on, when it is off by default. */
  readonly optIn?: string | undefined;
}

export interface ListedSpan extends ListedSet {
  readonly id: string;
}

export interface ListedEvent extends ListedSet {
  readonly name: string;
  readonly terminal: boolean;
  readonly severity?: string | undefined;
  /** What it may be besides. */
  readonly otherSeverities: readonly string[];
  readonly spanOnly: boolean;
}

export interface ListedMetric extends ListedSet {
  readonly name: string;
  readonly instrument: string;
  readonly async: boolean;
  readonly unit: string;
  readonly description: string;
}

/** Everything redress emits. */
export interface SemconvRegistry {
  readonly attributes: Readonly<Record<string, ListedAttribute>>;
  readonly spans: readonly ListedSpan[];
  readonly events: readonly ListedEvent[];
  readonly metrics: readonly ListedMetric[];
}

export const REGISTRY: SemconvRegistry = {
  attributes: {
    'redress.policy': { type: 'string' },
    'redress.library': { type: 'string' },
    operation: { type: 'string' },
    'error.class': {
      type: 'string',
      members: ['AUTH', 'PERMISSION', 'PERMANENT', 'CONCURRENCY', 'RATE_LIMIT', 'SERVER_ERROR', 'TRANSIENT', 'UNKNOWN'],
    },
    'retry.attempt': { type: 'int' },
    'redress.attempt_count': { type: 'int' },
    'redress.backoff.delay': { type: 'double' },
    'redress.retry_after': { type: 'double' },
    'redress.retried': { type: 'boolean' },
    'redress.abort.source': { type: 'string', members: ['caller', 'function', 'sleep', 'parent'] },
    'redress.waste': { type: 'string', members: ['failed_attempt', 'abandoned'] },
    'redress.event': {
      type: 'string',
      members: [
        'success',
        'retry',
        'permanent_fail',
        'deadline_exceeded',
        'max_attempts_exceeded',
        'max_unknown_attempts_exceeded',
        'no_strategy_configured',
        'budget_exhausted',
        'scheduled',
        'aborted',
        'circuit_rejected',
        'bulkhead_rejected',
        'circuit_opened',
        'circuit_half_open',
        'circuit_closed',
        'attempt_timeout',
        'slow_call',
      ],
    },
    'redress.outcome': { type: 'string', members: ['success', 'failure', 'rejected', 'aborted', 'scheduled'] },
    'redress.stop_reason': {
      type: 'string',
      members: [
        'NON_RETRYABLE_CLASS',
        'DEADLINE_EXCEEDED',
        'MAX_ATTEMPTS_GLOBAL',
        'MAX_ATTEMPTS_PER_CLASS',
        'MAX_UNKNOWN_ATTEMPTS',
        'NO_STRATEGY',
        'BUDGET_EXHAUSTED',
        'SCHEDULED',
        'ABORTED',
        'CIRCUIT_OPEN',
        'BULKHEAD_FULL',
      ],
    },
    'redress.cause': { type: 'string', members: ['exception', 'result'] },
    'circuit.name': { type: 'string' },
    'circuit.state': { type: 'string', members: ['closed', 'open', 'half_open', 'forced_open'] },
    'redress.observe_only': { type: 'boolean' },
    'redress.circuit.trip_reason': {
      type: 'string',
      members: ['failure_ratio', 'slow_call_ratio', 'count', 'consecutive', 'probe_failed', 'forced', 'restored'],
    },
    'redress.circuit.failure_ratio': { type: 'double' },
    'redress.circuit.slow_call_ratio': { type: 'double' },
    'redress.circuit.calls': { type: 'int' },
    'redress.circuit.open_for': { type: 'double' },
    'error.type': { type: 'string' },
    'exception.type': { type: 'string' },
    'exception.message': { type: 'string' },
    'exception.stacktrace': { type: 'string' },
  },
  spans: [
    {
      id: 'span.redress.call',
      required: ['redress.policy', 'operation', 'redress.attempt_count', 'redress.outcome'],
      conditional: ['redress.library', 'redress.retried', 'redress.stop_reason', 'circuit.name', 'error.class', 'error.type'],
    },
    {
      id: 'span.redress.attempt',
      optIn: 'attemptSpans',
      required: ['redress.policy', 'operation', 'retry.attempt'],
      conditional: ['redress.library', 'error.class', 'error.type'],
    },
  ],
  events: [
    {
      name: 'redress.success',
      terminal: true,
      severity: 'DEBUG',
      otherSeverities: [],
      spanOnly: false,
      optIn: 'logSuccess',
      required: ['redress.policy', 'operation', 'retry.attempt'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.retry',
      terminal: false,
      severity: 'INFO',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.backoff.delay', 'error.class', 'error.type', 'redress.cause'],
      conditional: ['redress.library', 'redress.retry_after'],
    },
    {
      name: 'redress.permanent_fail',
      terminal: true,
      severity: 'ERROR',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.stop_reason', 'error.class', 'error.type', 'redress.cause'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.deadline_exceeded',
      terminal: true,
      severity: 'ERROR',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.stop_reason'],
      conditional: ['redress.library', 'error.class', 'error.type', 'redress.cause'],
    },
    {
      name: 'redress.max_attempts_exceeded',
      terminal: true,
      severity: 'ERROR',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.stop_reason', 'error.class', 'error.type', 'redress.cause'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.max_unknown_attempts_exceeded',
      terminal: true,
      severity: 'ERROR',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.stop_reason', 'error.class', 'error.type', 'redress.cause'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.no_strategy_configured',
      terminal: true,
      severity: 'ERROR',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.stop_reason', 'error.class', 'error.type', 'redress.cause'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.budget_exhausted',
      terminal: true,
      severity: 'ERROR',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.stop_reason', 'error.class', 'error.type', 'redress.cause'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.scheduled',
      terminal: true,
      severity: 'INFO',
      otherSeverities: [],
      spanOnly: false,
      required: [
        'redress.policy',
        'operation',
        'retry.attempt',
        'redress.backoff.delay',
        'redress.stop_reason',
        'error.class',
        'error.type',
        'redress.cause',
      ],
      conditional: ['redress.library', 'redress.retry_after'],
    },
    {
      name: 'redress.aborted',
      terminal: true,
      severity: 'INFO',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.stop_reason'],
      conditional: ['redress.library', 'redress.abort.source', 'error.class', 'error.type', 'redress.cause'],
    },
    {
      name: 'redress.circuit_rejected',
      terminal: true,
      severity: 'DEBUG',
      otherSeverities: ['WARN', 'ERROR'],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'circuit.name', 'circuit.state'],
      conditional: [
        'redress.library',
        'redress.retry_after',
        'redress.stop_reason',
        'error.class',
        'error.type',
        'redress.cause',
        'redress.observe_only',
      ],
    },
    {
      name: 'redress.bulkhead_rejected',
      terminal: true,
      severity: 'DEBUG',
      otherSeverities: ['ERROR'],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'redress.stop_reason'],
      conditional: ['redress.library', 'error.class', 'error.type', 'redress.cause'],
    },
    {
      name: 'redress.circuit_opened',
      terminal: false,
      severity: 'ERROR',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'circuit.name', 'circuit.state'],
      conditional: [
        'redress.library',
        'redress.circuit.trip_reason',
        'redress.circuit.failure_ratio',
        'redress.circuit.slow_call_ratio',
        'redress.circuit.calls',
        'redress.circuit.open_for',
      ],
    },
    {
      name: 'redress.circuit_half_open',
      terminal: false,
      severity: 'WARN',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'circuit.name', 'circuit.state'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.circuit_closed',
      terminal: false,
      severity: 'INFO',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt', 'circuit.name', 'circuit.state'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.attempt_timeout',
      terminal: false,
      severity: 'WARN',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.slow_call',
      terminal: false,
      severity: 'WARN',
      otherSeverities: [],
      spanOnly: false,
      required: ['redress.policy', 'operation', 'retry.attempt'],
      conditional: ['redress.library'],
    },
    {
      name: 'exception',
      terminal: false,
      otherSeverities: [],
      spanOnly: true,
      required: ['exception.type'],
      conditional: ['exception.message', 'exception.stacktrace'],
    },
  ],
  metrics: [
    {
      name: 'redress.events',
      instrument: 'counter',
      async: true,
      unit: '{event}',
      description: 'Events of calls and circuits.',
      required: ['redress.policy', 'redress.event'],
      conditional: [
        'redress.library',
        'operation',
        'error.class',
        'error.type',
        'redress.stop_reason',
        'redress.cause',
        'circuit.name',
        'circuit.state',
        'redress.observe_only',
      ],
    },
    {
      name: 'redress.attempts',
      instrument: 'counter',
      async: true,
      unit: '{attempt}',
      description: 'Attempts made.',
      required: ['redress.policy', 'operation', 'retry.attempt'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.retries',
      instrument: 'counter',
      async: true,
      unit: '{retry}',
      description: "Retries scheduled, by the failure's class and the attempt to be made.",
      required: ['redress.policy', 'operation', 'error.class', 'retry.attempt'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.retry.success_after_retries',
      instrument: 'counter',
      async: true,
      unit: '{call}',
      description: 'Calls that succeeded after the first attempt.',
      required: ['redress.policy', 'operation', 'retry.attempt'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.retry.duration',
      instrument: 'histogram',
      async: false,
      unit: 's',
      description: 'Duration of calls, waits included.',
      required: ['redress.policy', 'operation', 'redress.outcome'],
      conditional: ['redress.library', 'redress.stop_reason', 'error.type'],
    },
    {
      name: 'redress.backoff.time',
      instrument: 'counter',
      async: true,
      unit: 's',
      description: 'Time spent waiting between attempts.',
      required: ['redress.policy', 'operation', 'error.class'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.wasted.time',
      instrument: 'counter',
      async: true,
      unit: 's',
      description: 'Time of work that came to nothing.',
      required: ['redress.policy', 'operation', 'error.class', 'redress.waste'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.circuit.state',
      instrument: 'gauge',
      async: true,
      unit: '{state}',
      description: "1 for the circuit's present state, 0 for the others.",
      required: ['circuit.name', 'circuit.state'],
      conditional: ['redress.observe_only'],
    },
    {
      name: 'redress.circuit.time_in_state',
      instrument: 'counter',
      async: true,
      unit: 's',
      description: 'Time the circuit spent in each state.',
      required: ['circuit.name', 'circuit.state'],
      conditional: ['redress.observe_only'],
    },
    {
      name: 'redress.circuit.failure_ratio',
      instrument: 'gauge',
      async: true,
      unit: '1',
      description: "Share of failed calls in the circuit's window.",
      required: ['circuit.name'],
      conditional: ['redress.observe_only'],
    },
    {
      name: 'redress.retry.budget',
      instrument: 'gauge',
      async: true,
      unit: '{retry}',
      description: 'Retries the budget still grants.',
      required: ['redress.policy'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.retry.budget_limit',
      instrument: 'gauge',
      async: true,
      unit: '{retry}',
      description: 'Retries the budget grants at most.',
      required: ['redress.policy'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.active_calls',
      instrument: 'updowncounter',
      async: true,
      unit: '{call}',
      description: 'Calls under way.',
      required: ['redress.policy'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.attempt.abandoned',
      instrument: 'updowncounter',
      async: true,
      unit: '{attempt}',
      description: 'Functions still running after their call settled.',
      required: ['redress.policy'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.attempt.duration',
      instrument: 'histogram',
      async: false,
      unit: 's',
      description: 'Duration of attempts.',
      optIn: 'attemptDuration',
      required: ['redress.policy', 'operation'],
      conditional: ['redress.library', 'error.class'],
    },
    {
      name: 'redress.bulkhead.in_flight',
      instrument: 'updowncounter',
      async: true,
      unit: '{call}',
      description: 'Calls that hold a place of the bulkhead.',
      required: ['redress.policy'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.bulkhead.queued',
      instrument: 'updowncounter',
      async: true,
      unit: '{call}',
      description: 'Calls that wait for a place.',
      required: ['redress.policy'],
      conditional: ['redress.library'],
    },
    {
      name: 'redress.bulkhead.limit',
      instrument: 'updowncounter',
      async: true,
      unit: '{call}',
      description: 'Places that the bulkhead has.',
      required: ['redress.policy'],
      conditional: ['redress.library'],
    },
  ],
};
