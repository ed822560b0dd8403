import { client as anthropic } from './clients/anthropic.mjs';
import { client as aws } from './clients/aws.mjs';
import { client as axios } from './clients/axios.mjs';
import { client as fetch } from './clients/fetch.mjs';
import { client as got } from './clients/got.mjs';
import { client as grpc } from './clients/grpc.mjs';
import { client as ioredis } from './clients/ioredis.mjs';
import { client as kafkajs } from './clients/kafkajs.mjs';
import { client as mongodb } from './clients/mongodb.mjs';
import { client as mysql2 } from './clients/mysql2.mjs';
import { client as nodeFetch } from './clients/node-fetch.mjs';
import { client as nodeHttp } from './clients/node-http.mjs';
import { client as nodeHttp2 } from './clients/node-http2.mjs';
import { client as nodeNet } from './clients/node-net.mjs';
import { client as octokit } from './clients/octokit.mjs';
import { client as openai } from './clients/openai.mjs';
import { client as pg } from './clients/pg.mjs';
import { client as redis } from './clients/redis.mjs';
import { client as slack } from './clients/slack.mjs';
import { client as smtp } from './clients/smtp.mjs';
import { client as undici } from './clients/undici.mjs';

/** Every client that is run: a file each, and a line here. */
export const clients = [
  pg,
  mysql2,
  ioredis,
  redis,
  mongodb,
  kafkajs,
  smtp,
  grpc,
  aws,
  axios,
  got,
  nodeFetch,
  undici,
  fetch,
  nodeHttp,
  nodeHttp2,
  nodeNet,
  openai,
  anthropic,
  slack,
  octokit,
];
