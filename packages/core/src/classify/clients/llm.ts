import type { ErrorClass } from '../../model/ErrorClass.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';

/**
 * Types and codes of the errors of OpenAI (https://platform.openai.com/docs/guides/error-codes) and Anthropic
 * (https://docs.anthropic.com/en/api/errors). A quota that is used up is told with 429, as a rate is; but no wait fills it.
 */
const TYPES = /* @__PURE__ */ words({
  PERMANENT:
    'insufficient_quota billing_hard_limit_reached billing_not_active billing_error access_terminated invalid_request_error not_found_error request_too_large ' +
    'context_length_exceeded string_above_max_length model_not_found content_filter content_policy_violation',
  RATE_LIMIT: 'rate_limit_exceeded rate_limit_error requests tokens',
  SERVER_ERROR: 'overloaded_error api_error server_error engine_overloaded',
  TRANSIENT: 'timeout_error',
  AUTH: 'authentication_error invalid_api_key account_deactivated',
  PERMISSION: 'permission_error unsupported_country_region_territory',
});

/** What goes before the status, for the status misleads. */
const BEFORE_STATUS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  'billing_error',
  'access_terminated',
  'overloaded_error',
  'engine_overloaded',
  'rate_limit_error',
  'rate_limit_exceeded',
]);

/** The SDKs of both, which are made by one generator (openai, @anthropic-ai/sdk: src/core/error.ts). */
const NAMES = /* @__PURE__ */ words({
  TRANSIENT: 'APIConnectionError APIConnectionTimeoutError',
  PERMANENT: 'LengthFinishReasonError ContentFilterFinishReasonError',
});

/** openai and anthropic: the type or code that an answer's body gives, an error in the midst of a stream included; else the SDK's name. */
export function llm({ error, name, status, code }: ErrorFacts): Meaning | undefined {
  // Class names, for `name` stays `Error`. What underlies it, as a refused connection, says more.
  const byName = NAMES.get(name);
  if (byName !== undefined) return read(error, 'cause') && name === 'APIConnectionError' ? undefined : { errorClass: byName, type: name };
  const body = read(error, 'error');
  // Without a body what is left is the code of an answer that failed; without a status nothing says that it is theirs.
  if ((typeof body !== 'object' || body === null) && status === undefined) return undefined;
  // Anthropic's has the error inside; OpenAI's SDK has taken it out.
  const inner = read(body, 'error') ?? body;
  for (const told of [code, read(inner, 'code'), read(inner, 'type'), read(error, 'type')]) {
    const errorClass = classOf(told, status);
    if (errorClass !== undefined) return { errorClass, type: String(told) };
  }
  return undefined;
}

function classOf(told: unknown, status: number | undefined): ErrorClass | undefined {
  return typeof told === 'string' && (status === undefined || BEFORE_STATUS.has(told)) ? TYPES.get(told) : undefined;
}
