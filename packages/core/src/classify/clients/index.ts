import { aws } from './aws.js';
import { axios } from './axios.js';
import type { Client } from './Client.js';
import { github } from './github.js';
import { google } from './google.js';
import { got } from './got.js';
import { grpc } from './grpc.js';
import { http2 } from './http2.js';
import { kafkajs } from './kafkajs.js';
import { llm } from './llm.js';
import { mongodb } from './mongodb.js';
import { mssql } from './mssql.js';
import { mysql } from './mysql.js';
import { nodeFetch } from './nodeFetch.js';
import { postgres } from './postgres.js';
import { prisma } from './prisma.js';
import { redis } from './redis.js';
import { slack } from './slack.js';
import { smtp } from './smtp.js';

/** Every client that the default rule knows. Each is told by its shape, so the order matters to none of them. */
export const CLIENTS: readonly Client[] = [
  postgres,
  mysql,
  mssql,
  prisma,
  redis,
  mongodb,
  kafkajs,
  smtp,
  grpc,
  aws,
  llm,
  slack,
  github,
  google,
  axios,
  got,
  nodeFetch,
  http2,
];
