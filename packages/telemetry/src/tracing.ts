/** Values a span may carry. Ids, names, counts and verdicts only: never a prompt, an answer or a header. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work that has ended. Times are Unix milliseconds, fractions allowed. */
export interface TimedSpan {
  readonly name: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly isError: boolean;
  readonly attributes: SpanAttributes;
}

/** A finished client request and the calls to providers made for it. */
export interface RequestSpan extends TimedSpan {
  /** The client's W3C `traceparent` header, so that our spans join its trace; anything malformed is ignored. */
  readonly traceparent?: string | undefined;
  readonly attempts: readonly TimedSpan[];
}

export interface Tracing {
  /** Queues the spans of a finished request; answers the trace id, or undefined where tracing is off or not sampled. Never throws. */
  recordRequestSpan(request: RequestSpan): string | undefined;
  /** Sends what is queued and stops; gives up after `timeoutMs` (3 s unless said otherwise). Never rejects. */
  shutdown(timeoutMs?: number): Promise<void>;
}

export interface TracingOptions {
  readonly service: string;
  readonly version?: string;
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`, for example http://127.0.0.1:4318; without it tracing is off. */
  readonly endpoint: string | undefined;
  /** Share of requests to trace where the client's own trace does not decide, 0 to 1. */
  readonly sampleRatio?: number;
  /** Told when spans cannot be delivered. */
  readonly logger?: { warn(fields: object, message: string): void };
}

/**
 * Starts sending spans to an OpenTelemetry collector over OTLP/HTTP. Without an endpoint nothing is loaded, and
 * `recordRequestSpan` does nothing. Spans are recorded after the fact from plain data, so nothing on a request's path
 * depends on tracing.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint } = options;
  if (endpoint === undefined || endpoint === "") {
    return { recordRequestSpan: () => undefined, shutdown: () => Promise.resolve() };
  }
  const { startOtlpTracing } = await import("./otlp-tracing.ts");
  return startOtlpTracing({ ...options, endpoint });
}
