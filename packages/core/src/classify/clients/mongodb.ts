import type { ErrorClass } from '../../model/ErrorClass.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, numbers, words } from './Client.js';

/** Codes of the server (https://github.com/mongodb/mongo/blob/v8.0/src/mongo/base/error_codes.yml), the retryable ones as the driver lists them. */
const CODES = /* @__PURE__ */ numbers({
  TRANSIENT: [
    6, 7, 50, 63, 64, 89, 91, 133, 134, 150, 175, 189, 202, 225, 234, 251, 262, 279, 290, 317, 356, 384, 402, 9001, 10058, 10107, 11600,
    11601, 11602, 13388, 13435, 13436,
  ],
  CONCURRENCY: [24, 46, 112, 117, 239, 244, 246],
  RATE_LIMIT: [462, 16500],
  AUTH: [11, 18, 33, 391, 8000],
  PERMISSION: [13, 31, 162],
  SERVER_ERROR: [1, 8],
  PERMANENT: [
    2, 4, 5, 9, 14, 16, 17, 20, 22, 26, 27, 28, 40, 45, 47, 48, 52, 53, 54, 55, 56, 57, 59, 61, 66, 67, 68, 72, 73, 85, 86, 96, 115, 121,
    125, 136, 160, 197, 211, 263, 10003, 10334, 11000, 11001, 12582, 16755, 17280, 17287, 40324, 40352,
  ],
});

/** The driver's own errors (mongodb: src/error.ts). */
const NAMES = /* @__PURE__ */ words({
  TRANSIENT:
    'MongoNetworkError MongoNetworkTimeoutError MongoServerSelectionError MongoTopologyClosedError MongoPoolClearedError MongoPoolClosedError ' +
    'MongoPoolClearedOnNetworkError MongoWaitQueueTimeoutError MongoOperationTimeoutError MongoNotConnectedError MongoClientClosedError ' +
    'MongoStalePrimaryError MongoUnexpectedServerResponseError MongoExpiredSessionError MongoSystemError MongooseServerSelectionError',
  AUTH: 'MongoAWSError MongoAzureError MongoGCPError MongoOIDCError MongoMissingCredentialsError MongoCryptKMSRequestNetworkTimeoutError',
  PERMANENT:
    'MongoParseError MongoInvalidArgumentError MongoAPIError MongoCompatibilityError MongoMissingDependencyError MongoTransactionError ' +
    'MongoRuntimeError MongoCursorExhaustedError MongoCursorInUseError MongoDecompressionError MongoTailableCursorError MongoBatchReExecutionError ' +
    'MongoGridFSStreamError MongoGridFSChunkError MongoChangeStreamError MongoUnexpectedState BSONError MongoBulkWriteError',
});

/** No server was there to be asked, or no connection in the pool. */
const UNPROCESSED =
  /^(MongoServerSelectionError|MongooseServerSelectionError|MongoWaitQueueTimeoutError|MongoPoolCleared\w*|MongoPoolClosedError|MongoTopologyClosedError)$/;

/** What the server or the driver says may be tried again. */
const RETRYABLE = [
  'RetryableWriteError',
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
  'RetryableError',
  'ResumableChangeStreamError',
];

/** mongodb and mongoose: a name that begins with Mongo, its numeric code, its labels. */
export function mongodb({ error, name, code }: ErrorFacts): Meaning | undefined {
  if (name === undefined || !/^(Mongo|BSONError)/.test(name)) return undefined;
  const errorClass = byCode(error, code);
  if (errorClass !== undefined) return { errorClass, type: String(codeNameOf(error) ?? code) };
  if (RETRYABLE.some((label) => hasLabel(error, label))) return { errorClass: 'TRANSIENT', type: name };
  const byName = NAMES.get(name);
  return byName && { errorClass: byName, type: name, unprocessed: UNPROCESSED.test(name) || undefined };
}

function byCode(error: unknown, code: unknown): ErrorClass | undefined {
  // A server that wants a login first says so with the code of a missing right.
  if (code === 13 && /requires authentication/i.test(textOf(error))) return 'AUTH';
  return CODES.get(code);
}

function codeNameOf(error: unknown): string | undefined {
  const codeName = read(error, 'codeName');
  return typeof codeName === 'string' && /^\w{1,60}$/.test(codeName) ? codeName : undefined;
}

function hasLabel(error: unknown, label: string): boolean {
  try {
    const { errorLabels, errorLabelSet, hasErrorLabel } = error as Readonly<Record<string, unknown>>;
    if (typeof hasErrorLabel === 'function' && hasErrorLabel.call(error, label) === true) return true;
    return (Array.isArray(errorLabels) && errorLabels.includes(label)) || (errorLabelSet instanceof Set && errorLabelSet.has(label));
  } catch {
    return false; // a getter that throws
  }
}

function textOf(error: unknown): string {
  const message = read(error, 'errmsg') ?? read(error, 'message');
  return typeof message === 'string' ? message : '';
}
