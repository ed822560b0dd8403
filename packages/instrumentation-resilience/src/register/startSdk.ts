import { diag } from '@opentelemetry/api';
import { registerInstrumentations, type Instrumentation } from '@opentelemetry/instrumentation';
import { ResilienceInstrumentation } from '../instrumentation.js';
import { configFile } from '../configFile.js';
import { globalTracerProvider } from '../globalTracerProvider.js';
import { numberingProvider } from '../numberingProvider.js';
import { loadOptional } from './loadOptional.js';
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
    globalTracerProvider.wrap(numberingProvider);
    return async () => {};
  }
  const sdk = started([resilience, ...undici()]);
  // With a file the instrumentation has done so itself.
  if (configFile() === undefined) globalTracerProvider.wrap(numberingProvider);
  sendBeforeCrash();
  return shutdownAtEnd(() => sdk.shutdown());
}

interface RunningSdk {
  shutdown(): Promise<void>;
}

/**
 * NodeSDK builds its span processors from the environment only when it is given none, and has no public way to build them
 * otherwise; so attempts are not numbered by ResilienceSpanProcessor here but among the attributes that a span starts with. NodeSDK does
 * not read a configuration file; from 0.301 on `startNodeSdk` does.
 */
function started(instrumentations: Instrumentation[]): RunningSdk {
  const loaded = loadNodeSdk();
  const startNodeSdk: unknown = configFile() === undefined ? undefined : Reflect.get(loaded, 'startNodeSdk');
  if (typeof startNodeSdk === 'function') return startNodeSdk({ instrumentations }) as RunningSdk;
  const sdk = new loaded.NodeSDK({ instrumentations });
  sdk.start();
  return sdk;
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
