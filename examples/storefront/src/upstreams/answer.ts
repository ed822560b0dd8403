import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './Fault.js';

/** Answers one request after `latencyMs`, with its fault. Nothing of it is left when the connection is gone. */
export function answer(request: IncomingMessage, response: ServerResponse, fault: Fault, latencyMs: number, body: object): void {
  request.resume();
  const later = laterWhile(response);
  later(latencyMs, () => {
    switch (fault.kind) {
      case 'none':
        return send(response, 200, {}, body);
      case 'status':
        return send(response, fault.status, retryAfter(fault.retryAfterSeconds), { error: `scripted ${fault.status}` });
      case 'slow-body':
        return sendInHalves(response, body, (rest) => later(fault.delayMs, rest));
      case 'reset':
        if (fault.at === 'request') {
          return reset(request);
        }
        return sendInHalves(response, body, () => later(5, () => reset(request)));
      case 'hang':
        return undefined;
    }
  });
}

function laterWhile(response: ServerResponse): (delayMs: number, act: () => void) => void {
  return (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    response.once('close', () => clearTimeout(timer));
  };
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function sendInHalves(response: ServerResponse, body: object, afterFirst: (rest: () => void) => void): void {
  const text = JSON.stringify(body);
  const half = Math.floor(text.length / 2);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, half), () => afterFirst(() => response.end(text.slice(half))));
}

/** A real RST, as a crashed peer or an idle load balancer sends it: the client sees ECONNRESET. */
function reset(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}
