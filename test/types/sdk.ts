/** How it is registered, as in the design: it must compile. */
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { ResilienceInstrumentation, ResilienceSpanProcessor } from '@redress/instrumentation-resilience';

const sdk = new NodeSDK({
  spanProcessors: [new ResilienceSpanProcessor(), new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  metricReaders: [new PrometheusExporter()],
  logRecordProcessors: [],
  instrumentations: [new ResilienceInstrumentation()],
});
sdk.start();
