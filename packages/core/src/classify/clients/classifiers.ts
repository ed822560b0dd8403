import type { Classification } from '../../model/Classification.js';
import { causesOf } from '../causesOf.js';
import { factsOf } from '../ErrorFacts.js';
import { judgementBy } from '../judgementBy.js';
import { aws } from './aws.js';
import type { Client } from './Client.js';
import { grpc } from './grpc.js';
import { llm } from './llm.js';
import { mysql } from './mysql.js';
import { postgres } from './postgres.js';
import { redis } from './redis.js';
import { smtp } from './smtp.js';

/** What one client means, by an error or by what that was caused by; undefined for whatever the client does not know. */
function strictly(client: Client): (error: unknown) => Classification | undefined {
  return (error) => {
    for (const cause of causesOf(error)) {
      const found = judgementBy([client], factsOf(cause));
      if (found !== undefined) return found.classification;
    }
    return undefined;
  };
}

/** What pg, postgres.js or what stands on them means, by SQLSTATE; undefined for any other error. Never throws. */
export const postgresClassifier: (error: unknown) => Classification | undefined = /* @__PURE__ */ strictly(postgres);

/** What mysql2, mysql or mariadb means, by code, errno and SQLSTATE; undefined for any other error. Never throws. */
export const mysqlClassifier: (error: unknown) => Classification | undefined = /* @__PURE__ */ strictly(mysql);

/** What ioredis or node-redis means, by a reply's first word or their own errors; undefined for any other error. Never throws. */
export const redisClassifier: (error: unknown) => Classification | undefined = /* @__PURE__ */ strictly(redis);

/** What grpc-js means, by its numeric code; undefined for any other error. Never throws. */
export const grpcClassifier: (error: unknown) => Classification | undefined = /* @__PURE__ */ strictly(grpc);

/** What the AWS SDK means, by name, flags and status; undefined for any other error. Never throws. */
export const awsClassifier: (error: unknown) => Classification | undefined = /* @__PURE__ */ strictly(aws);

/** What nodemailer means, by SMTP reply and code; undefined for any other error. Never throws. */
export const smtpClassifier: (error: unknown) => Classification | undefined = /* @__PURE__ */ strictly(smtp);

/** What the SDKs of OpenAI and Anthropic mean, by type and code of an answer's error; undefined for any other error. Never throws. */
export const llmClassifier: (error: unknown) => Classification | undefined = /* @__PURE__ */ strictly(llm);
