/** Version of this package, as OpenTelemetry shows it for its instrumentation scope; a test holds it to package.json. */
export const VERSION = '0.2.0';
