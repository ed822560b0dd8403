import { classOfCode } from '../codes.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';

/** Types of the protocol for which the flag `retriable` says too little (https://kafka.apache.org/protocol#protocol_error_codes). */
const TYPES = /* @__PURE__ */ words({
  AUTH: 'SASL_AUTHENTICATION_FAILED UNSUPPORTED_SASL_MECHANISM ILLEGAL_SASL_STATE DELEGATION_TOKEN_EXPIRED',
  PERMISSION:
    'TOPIC_AUTHORIZATION_FAILED GROUP_AUTHORIZATION_FAILED CLUSTER_AUTHORIZATION_FAILED TRANSACTIONAL_ID_AUTHORIZATION_FAILED ' +
    'DELEGATION_TOKEN_AUTHORIZATION_FAILED SECURITY_DISABLED',
  RATE_LIMIT: 'THROTTLING_QUOTA_EXCEEDED',
  CONCURRENCY: 'CONCURRENT_TRANSACTIONS REBALANCE_IN_PROGRESS',
});

/** Errors of kafkajs itself (2.2: src/errors.js). */
const NAMES = /* @__PURE__ */ words({
  TRANSIENT:
    'KafkaJSConnectionError KafkaJSConnectionClosedError KafkaJSRequestTimeoutError KafkaJSBrokerNotFound KafkaJSGroupCoordinatorNotFound ' +
    'KafkaJSLockTimeout KafkaJSTimeout KafkaJSMetadataNotLoaded KafkaJSTopicMetadataNotLoaded KafkaJSStaleTopicMetadataAssignment KafkaJSMemberIdRequired ' +
    'KafkaJSNoBrokerAvailableError KafkaJSFetcherRebalanceError KafkaJSPartialMessageError',
  AUTH: 'KafkaJSSASLAuthenticationError',
  PERMANENT:
    'KafkaJSServerDoesNotSupportApiKey KafkaJSInvariantViolation KafkaJSNotImplemented KafkaJSOffsetOutOfRange KafkaJSInvalidVarIntError ' +
    'KafkaJSInvalidLongError KafkaJSUnsupportedMagicByteInMessageSet KafkaJSDeleteTopicRecordsError KafkaJSInvalidMessage',
});

/** kafkajs: a name that begins with KafkaJS; the type of a protocol error, its name, then its flag. */
export function kafkajs({ error, name, code }: ErrorFacts): Meaning | undefined {
  if (!name?.startsWith('KafkaJS')) return undefined;
  // What it gave up on says what it is; without that only that it was worth several tries.
  if (name === 'KafkaJSNumberOfRetriesExceeded') return read(error, 'cause') ? undefined : { errorClass: 'TRANSIENT', type: name };
  const told = read(error, 'type');
  const type = typeof told === 'string' && /^[A-Z_]{1,60}$/.test(told) ? told : undefined;
  // A connection that failed for a certificate is not one that was refused.
  if (type === undefined && typeof code === 'string' && classOfCode(code) !== undefined) return undefined;
  const known = TYPES.get(type) ?? (type === undefined ? NAMES.get(name) : undefined);
  if (known !== undefined) return { errorClass: known, type: type ?? name };
  const retriable = read(error, 'retriable');
  if (typeof retriable !== 'boolean' || (!retriable && read(error, 'cause'))) return undefined;
  return { errorClass: retriable ? 'TRANSIENT' : 'PERMANENT', type: type ?? name };
}
