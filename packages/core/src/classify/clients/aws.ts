import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { classOfStatus } from '../statusOf.js';
import { type Meaning, words } from './Client.js';

/**
 * Names of errors. Throttling, clock skew and timeouts as the SDK lists them (@smithy/service-error-classification: src/constants.ts);
 * common errors (https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html); conflicts as the services name them.
 */
const NAMES = /* @__PURE__ */ words({
  RATE_LIMIT:
    'BandwidthLimitExceeded EC2ThrottledException LimitExceededException PriorRequestNotComplete ProvisionedThroughputExceededException ' +
    'RequestLimitExceeded RequestThrottled RequestThrottledException SlowDown ThrottledException Throttling ThrottlingException ' +
    'TooManyRequestsException TransactionInProgressException',
  TRANSIENT:
    'TimeoutError RequestTimeout RequestTimeoutException RequestTimeTooSkewed RequestExpired RequestInTheFuture IDPCommunicationError ' +
    'IDPCommunicationErrorException ModelNotReadyException ModelTimeoutException DependencyTimeoutException',
  CONCURRENCY:
    'ConcurrentModificationException OperationAborted OperationAbortedException ConditionalRequestConflict ConflictException ResourceConflictException ' +
    'OptimisticLockException TransactionConflictException ReplicatedWriteConflictException ResourceInUseException InvalidationBatchInProgress',
  AUTH:
    'UnrecognizedClientException InvalidClientTokenId InvalidAccessKeyId ExpiredToken ExpiredTokenException IncompleteSignature InvalidToken ' +
    'InvalidSignatureException SignatureDoesNotMatch AuthFailure MissingAuthenticationToken MissingAuthenticationTokenException NotAuthorizedException ' +
    'TokenRefreshRequired UnauthorizedException CredentialsProviderError TokenProviderError',
  PERMISSION:
    'AccessDenied AccessDeniedException UnauthorizedOperation AuthorizationError AuthorizationErrorException AllAccessDisabled OptInRequired',
  SERVER_ERROR:
    'InternalError InternalFailure InternalServerError InternalServerException InternalServiceError InternalServiceException ServiceUnavailable ' +
    'ServiceUnavailableException ServiceException ServerException Unavailable',
  PERMANENT: 'ConditionalCheckFailedException ServiceQuotaExceededException ItemCollectionSizeLimitExceededException',
});

/** Why one item of a DynamoDB transaction was not written: the first that is worth another try decides. */
const REASONS = /* @__PURE__ */ words({
  CONCURRENCY: 'TransactionConflict',
  RATE_LIMIT: 'ProvisionedThroughputExceeded ThrottlingError RequestLimitExceeded',
});

/** The AWS SDK, v3 by `$metadata` or `$fault`, v2 by its `requestId` beside `retryable`: by name, by flags, then by status. */
export function aws(facts: ErrorFacts): Meaning | undefined {
  const { error, status } = facts;
  const type = awsName(facts);
  if (type === undefined) return undefined;
  if (type === 'TransactionCanceledException') return { errorClass: byReasons(error) ?? 'PERMANENT', type };
  const hint = read(error, '$retryable');
  if (read(hint, 'throttling') === true || /throttl/i.test(type)) return { errorClass: 'RATE_LIMIT', type };
  // The SDK has set its clock by the answer, so the next signature will do.
  if (read(read(error, '$metadata'), 'clockSkewCorrected') === true) return { errorClass: 'TRANSIENT', type };
  const byName = NAMES.get(type);
  if (byName !== undefined) return { errorClass: byName, type };
  const fault = read(error, '$fault');
  if (fault === 'server' && (status === undefined || status >= 500)) return { errorClass: 'SERVER_ERROR', type };
  if (typeof hint === 'object' && hint !== null) return { errorClass: 'TRANSIENT', type };
  return fault === 'client' && status !== undefined && status !== 403 && status !== 413
    ? { errorClass: classOfStatus(status), type }
    : undefined;
}

function awsName({ error, name, code }: ErrorFacts): string | undefined {
  const v3 = typeof read(error, '$metadata') === 'object' || read(error, '$fault') !== undefined;
  if (v3) {
    // S3 has errors without a class: their code is the name.
    const told = read(error, 'Code');
    // Of an answer that was not the service's, such as a proxy's: its status is all there is.
    if (name === 'Unknown' || name === 'UnknownError') return typeof told === 'string' ? told : undefined;
    return name !== undefined && (NAMES.has(name) || typeof told !== 'string') ? name : typeof told === 'string' ? told : undefined;
  }
  // These two are thrown before there is a request.
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return name;
  return typeof code === 'string' && typeof read(error, 'retryable') === 'boolean' && typeof read(error, 'requestId') === 'string'
    ? code
    : undefined;
}

function byReasons(error: unknown): Meaning['errorClass'] | undefined {
  const reasons = read(error, 'CancellationReasons');
  for (let index = 0; index < 100; index++) {
    const found = REASONS.get(read(read(reasons, String(index)), 'Code'));
    if (found !== undefined) return found;
  }
  return undefined;
}
