import { throwIfNotOk, type Attempt, type Outcome, type Policy } from '@redress/core';
import { randomUUID } from 'node:crypto';
import type { UpstreamName } from '../upstreams/index.js';

/** The attempt an id is asked for. */
export interface AttemptToSend {
  readonly upstream: UpstreamName;
  readonly attempt: Attempt;
}

export interface ClientsOptions {
  readonly urls: Readonly<Record<UpstreamName, string>>;
  readonly policies: Readonly<Record<UpstreamName, Policy>>;
  /** The `x-attempt-id` header of the request an attempt makes; called once per attempt. Default: a random UUID. */
  readonly newAttemptId?: ((attempt: AttemptToSend) => string) | undefined;
  /** Ends every call, those that wait for their next attempt too: the shop closes. */
  readonly signal?: AbortSignal | undefined;
}

export interface Stock {
  readonly product: string;
  readonly inStock: number;
}

export interface Price {
  readonly product: string;
  readonly cents: number;
  readonly currency: string;
}

/** What the storefront asks of its upstreams. */
export interface Clients {
  /** Rejects when inventory does not answer: without stock there is nothing to sell. */
  getStock(product: string): Promise<Stock>;
  /** An outcome: a product can be shown without its price. */
  getPrice(product: string): Promise<Outcome<Price>>;
  /** Charges an order once, however many attempts it takes: the order's number is the idempotency key. */
  charge(order: string): Promise<void>;
}

/** Calls each upstream by fetch under its policy. */
export function createClients({ urls, policies, newAttemptId = () => randomUUID(), signal }: ClientsOptions): Clients {
  /** The function a policy calls, once per attempt. The body is read inside it: under its timeout, and under its retry. */
  function request<T>(upstream: UpstreamName, path: string, init: RequestInit = {}): (attempt: Attempt) => Promise<T> {
    return async (attempt) => {
      const headers = { ...init.headers, 'x-attempt-id': newAttemptId({ upstream, attempt }) };
      const response = await fetch(`${urls[upstream]}${path}`, { ...init, headers, signal: attempt.signal });
      return (await throwIfNotOk(response).json()) as T;
    };
  }

  return {
    getStock: (product) => policies.inventory.call(request<Stock>('inventory', `/stock/${product}`), { operation: 'get-stock', signal }),
    getPrice: (product) => policies.pricing.settle(request<Price>('pricing', `/prices/${product}`), { operation: 'get-price', signal }),
    charge: async (order) => {
      const init = { method: 'POST', headers: { 'idempotency-key': order } };
      await policies.payments.call(request('payments', '/charges', init), { operation: 'charge', signal });
    },
  };
}
