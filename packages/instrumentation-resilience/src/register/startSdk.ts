import { diag } from '@opentelemetry/api';
import { registerInstrumentations, type Instrumentation } from '@opentelemetry/instrumentation';
import { ResilienceInstrumentation } from '../instrumentation.js';
import { globalTracerProvider } from './globalTracerProvider.js';
import { loadOptional } from './loadOptional.js';
import { resendCountingProvider } from './resendCountingProvider.js';
import { sendBeforeCrash } from './sendBeforeCrash.js';
import { shutdownAtEnd } from './shutdownAtEnd.js';

/**
 * Starts NodeSDK as the environment says, unless an SDK is running already: that one then only gets the instrumentation.
 * The returned function shuts down what was started here.
 *
 * @throws Error when an SDK is to be started and `@opentelemetry/sdk-node` is not installed.
 */
export function startSdk(): () => Promise<void> {
  const resilience = new ResilienceInstrumentation();
  if (globalTracerProvider.get() !== undefined) {
    diag.info('@redress/instrumentation-resilience/register: an SDK is running already and is used');
    registerInstrumentations({ instrumentations: [resilience] });
    countResends();
    return async () => {};
  }
  const { NodeSDK } = loadNodeSdk();
  const sdk = new NodeSDK({ instrumentations: [resilience, ...undici()] });
  sdk.start();
  countResends();
  sendBeforeCrash();
  return shutdownAtEnd(() => sdk.shutdown());
}

/**
 * NodeSDK builds its span processors from the environment only when it is given none, and has no public way to build them
 * otherwise; so the count is not set by ResilienceSpanProcessor here but put among the attributes that a span starts with.
 */
function countResends(): void {
  const provider = globalTracerProvider.get();
  if (provider !== undefined) globalTracerProvider.replace(resendCountingProvider(provider));
}

function loadNodeSdk(): typeof import('@opentelemetry/sdk-node') {
  const sdk = loadOptional('@opentelemetry/sdk-node', () => require('@opentelemetry/sdk-node'));
  if (sdk !== undefined) return sdk;
  throw new Error(
    '@redress/instrumentation-resilience/register starts NodeSDK and cannot find it: npm install @opentelemetry/sdk-node ' +
      '(0.223 on Node 20; 0.301 or later from Node 22 on)',
  );
}

/** Client spans for fetch, when the package is there: they show each attempt under its call. */
function undici(): Instrumentation[] {
  const loaded = loadOptional('@opentelemetry/instrumentation-undici', () => require('@opentelemetry/instrumentation-undici'));
  return loaded === undefined ? [] : [new loaded.UndiciInstrumentation()];
}
