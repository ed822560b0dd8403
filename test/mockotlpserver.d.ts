/** The part of the package that tests use; it has no types of its own. */
declare module '@elastic/mockotlpserver' {
  interface MockOtlpServerOptions {
    readonly logLevel?: string;
    readonly services?: readonly ('http' | 'grpc' | 'ui')[];
    readonly httpHostname?: string;
    /** 0 for any that is free. */
    readonly httpPort?: number;
    readonly grpcHostname?: string;
    readonly grpcPort?: number;
    /** Called with the decoded request of each export. */
    readonly onTrace?: (request: unknown) => void;
    readonly onMetrics?: (request: unknown) => void;
    readonly onLogs?: (request: unknown) => void;
  }

  export class MockOtlpServer {
    constructor(options?: MockOtlpServerOptions);
    /** The address while it listens. */
    readonly httpUrl: URL | undefined;
    start(): Promise<void>;
    close(): Promise<void>;
  }
}
