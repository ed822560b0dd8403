import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { ResilienceInstrumentation, ResilienceSpanProcessor } from '@redress/instrumentation-resilience';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeServer, listen } from '../listen.js';

export interface TelemetryOptions {
  /** Base address of the OTLP/HTTP receiver that draws the page. */
  readonly receiverUrl: string;
  readonly metricsPort: number;
  /** Whether another receiver gets the traces too: the one that OTEL_EXPORTER_OTLP_ENDPOINT names. */
  readonly alsoToEndpoint: boolean;
}

export interface Telemetry {
  readonly port: number;
  /** What Prometheus scrapes. */
  readonly url: string;
  /** Sends what is left and stops. Never rejects. */
  stop(): Promise<void>;
}

/** How long the last traces may take to leave. */
const shutdownPatienceMs = 500;

/** What a service would write, but for the two addresses: traces go out over OTLP, metrics wait for Prometheus. */
export async function startTelemetry({ receiverUrl, metricsPort: wanted, alsoToEndpoint }: TelemetryOptions): Promise<Telemetry> {
  const metrics = new PrometheusExporter({ preventServerStart: true });
  const toPage = new OTLPTraceExporter({ url: `${receiverUrl}/v1/traces` });
  const sdk = new NodeSDK({
    serviceName: 'storefront',
    autoDetectResources: false,
    spanProcessors: [
      new ResilienceSpanProcessor(),
      new BatchSpanProcessor({ exporter: toPage, scheduledDelayMillis: 300 }),
      ...(alsoToEndpoint ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] : []),
    ],
    metricReaders: [metrics],
    logRecordProcessors: [],
    instrumentations: [
      new ResilienceInstrumentation(),
      new UndiciInstrumentation({ headersToSpanAttributes: { requestHeaders: ['x-attempt-id'] } }),
    ],
  });
  sdk.start();

  // The exporter's own server cannot tell that its port is taken before it is too late to take another.
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      metrics.getMetricsRequestHandler(request, response);
    } else {
      response.writeHead(404).end();
    }
  });
  const port = await listen(server, wanted);
  return {
    port,
    url: `http://localhost:${port}/metrics`,
    stop: async () => {
      await closeServer(server);
      // An endpoint that cannot be reached makes it reject, or wait; there is nothing left to tell.
      await Promise.race([sdk.shutdown().catch(() => undefined), sleep(shutdownPatienceMs)]);
    },
  };
}
