import type { ErrorClass } from '../../model/ErrorClass.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';

/** What a server answers, by its first word (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors; src/server.c). */
const REPLIES = /* @__PURE__ */ words({
  TRANSIENT:
    'LOADING READONLY MASTERDOWN CLUSTERDOWN TRYAGAIN BUSY OOM MOVED ASK NOREPLICAS NOMASTERLINK NOGOODSLAVE UNBLOCKED INPROG IOERR MISCONF ' +
    'NOTREADY UNKILLABLE FAILOVER',
  AUTH: 'NOAUTH WRONGPASS',
  PERMISSION: 'NOPERM DENIED',
  RATE_LIMIT: 'RATELIMIT THROTTLED',
  PERMANENT:
    'ERR WRONGTYPE CROSSSLOT EXECABORT NOSCRIPT BUSYGROUP BUSYKEY NOGROUP NOTBUSY NOPROTO INVALIDOBJ DUPLICATE UNKNOWN INVALID OUTOFRANGE',
});

/** What the word ERR stands before. */
const ERRORS: readonly (readonly [RegExp, ErrorClass])[] = [
  [/^ERR max number of clients/i, 'TRANSIENT'],
  [/^ERR (max (daily )?request|rate limit|.*too many requests)/i, 'RATE_LIMIT'],
  [/^ERR (invalid password|operation not permitted|.*AUTH\b|invalid username|.*unauthori[sz]ed)/i, 'AUTH'],
  [/^ERR (.*timed? ?out|.*try again|Server is busy|.*connection (lost|closed|reset))/i, 'TRANSIENT'],
];

/** The server refused it unread. */
const UNPROCESSED = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MOVED|ASK|MISCONF|ERR max number of clients)\b/;

/** How the clients call an error that a server answered; ioredis, node-redis 4 and 5. */
const REPLY = /^(ReplyError|ErrorReply|SimpleError|BlobError)$/;

/** What the clients say themselves, by class (node-redis: packages/client/lib/errors.ts; ioredis: lib/errors). */
const NAMES = /* @__PURE__ */ words({
  TRANSIENT:
    'MaxRetriesPerRequestError ClusterAllFailedError ClientClosedError ClientOfflineError DisconnectsClientError SocketClosedUnexpectedlyError ' +
    'SocketClosedDuringMaintenanceError SocketTimeoutDuringMaintenanceError CommandTimeoutDuringMaintenanceError RootNodesUnavailableError ReconnectStrategyError',
  CONCURRENCY: 'WatchError',
});

/** What ioredis and node-redis say without a class of its own. */
const MESSAGES =
  /^(Connection is closed\.|Stream isn't writeable and enableOfflineQueue options is false|Command timed out|Socket closed unexpectedly|The client is closed|All sentinels are unreachable|None of startup nodes is available|Too many Cluster redirections\. |Failed to refresh slots cache\.|Cluster isn't ready and enableOfflineQueue options is false|Redis connection (lost|gone)|Cluster is disconnect(ed|ing)\.?$|Node is disconnected$|No master node is available)/;

/** ioredis and node-redis: a reply that begins with a word in capitals, or an error of the client's own. */
export function redis({ error, name, code }: ErrorFacts): Meaning | undefined {
  const own = NAMES.get(name);
  // Only of a name that nobody else has; a socket's own code says more than that retries ran out.
  if (own !== undefined) {
    // A cluster of which no node answered as wanted: the last answer says why.
    const last = read(read(error, 'lastNodeError'), 'message');
    return (typeof last === 'string' ? byReply(undefined, last) : undefined) ?? { errorClass: own, type: name };
  }
  const message = read(error, 'message');
  if (typeof message !== 'string') return undefined;
  if (name !== undefined && REPLY.test(name)) return byReply(error, message);
  return code === undefined && name === 'Error' && MESSAGES.test(message) ? { errorClass: 'TRANSIENT' } : undefined;
}

function byReply(error: unknown, message: string): Meaning | undefined {
  const type = /^-?([A-Z][A-Z\d]*)\b/.exec(message)?.[1];
  if (type === undefined) return undefined;
  if (type === 'EXECABORT') return byQueued(error) ?? { errorClass: 'PERMANENT', type };
  const errorClass = ERRORS.find(([pattern]) => pattern.test(message))?.[1] ?? REPLIES.get(type);
  return errorClass && { errorClass, type, unprocessed: UNPROCESSED.test(message) || undefined };
}

/** A transaction is discarded for what one of its commands was answered; ioredis keeps these answers. */
function byQueued(error: unknown): Meaning | undefined {
  const first = read(read(error, 'previousErrors'), '0');
  const message = read(first, 'message');
  return typeof message === 'string' && !message.startsWith('EXECABORT') ? byReply(first, message) : undefined;
}
