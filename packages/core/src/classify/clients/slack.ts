import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, meaningOfWrapped, words } from './Client.js';

/** What the platform answers with `ok: false` (https://docs.slack.dev/reference/methods, the errors of each); any other is PERMANENT. */
const ERRORS = /* @__PURE__ */ words({
  RATE_LIMIT: 'ratelimited rate_limited message_limit_exceeded',
  AUTH: 'invalid_auth not_authed token_revoked token_expired account_inactive invalid_token invalid_refresh_token',
  PERMISSION:
    'missing_scope no_permission not_allowed_token_type access_denied ekm_access_denied org_login_required restricted_action team_access_not_granted',
  SERVER_ERROR: 'internal_error fatal_error service_unavailable',
  TRANSIENT: 'request_timeout team_added_to_org accesslimited',
});

/** @slack/web-api and @slack/webhook: a code that begins with `slack_` (web-api 7: src/errors.ts). */
export function slack({ error, code }: ErrorFacts): Meaning | undefined {
  if (typeof code !== 'string' || !code.startsWith('slack_')) return undefined;
  if (code.endsWith('_rate_limited_error')) return { errorClass: 'RATE_LIMIT', type: code };
  if (code.endsWith('_platform_error')) {
    const told = read(read(error, 'data'), 'error');
    return typeof told === 'string'
      ? { errorClass: ERRORS.get(told) ?? 'PERMANENT', type: /^\w{1,60}$/.test(told) ? told : code }
      : undefined;
  }
  // A request that was not answered: what its HTTP client threw stands on `original`.
  return code.endsWith('_request_error') ? meaningOfWrapped(code, read(error, 'original')) : undefined;
}
