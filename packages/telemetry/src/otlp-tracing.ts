import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace, type Context, type Span } from "@opentelemetry/api";
import { parseTraceParent, setGlobalErrorHandler } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { redactFields, redactText } from "./redact-value.ts";
import type { SpanAttributes, TimedSpan, Tracing, TracingOptions } from "./tracing.ts";

const longestTraceparent = 128;
const longestNameBytes = 256;
const exportTimeoutMs = 10_000;
const longestShutdownMs = 3_000;
const mostQueuedSpans = 8_192;

/** The OpenTelemetry half of `startTracing`; loaded only where an endpoint is configured. */
export function startOtlpTracing(options: TracingOptions & { readonly endpoint: string }): Tracing {
  const { service, version, endpoint, sampleRatio = 1, logger } = options;
  const exporter = new OTLPTraceExporter({ url: tracesUrl(endpoint), timeoutMillis: exportTimeoutMs });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": `switchyard-${service}`,
      ...(version === undefined ? {} : { "service.version": version }),
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanLimits: { attributeCountLimit: 64 },
    spanProcessors: [
      new BatchSpanProcessor({ exporter, maxQueueSize: mostQueuedSpans, exportTimeoutMillis: exportTimeoutMs }),
    ],
  });
  const warn = (error: unknown): void => logger?.warn({ err: error }, "spans could not be delivered");
  setGlobalErrorHandler(warn);
  const tracer = provider.getTracer("switchyard");

  function record(timed: TimedSpan, kind: SpanKind, parent: Context): Span {
    const { name, startedAtMs, endedAtMs, isError, attributes } = timed;
    const settings = { kind, startTime: startedAtMs, attributes: redactAttributes(attributes) };
    const span = tracer.startSpan(redactText(name, longestNameBytes), settings, parent);
    if (isError) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endedAtMs);
    return span;
  }

  return {
    recordRequestSpan(request) {
      if (!hasTimes(request)) return undefined;
      const span = record(request, SpanKind.SERVER, parentOf(request.traceparent));
      const context = trace.setSpan(ROOT_CONTEXT, span);
      for (const attempt of request.attempts.filter(hasTimes)) record(attempt, SpanKind.CLIENT, context);
      const { traceId, traceFlags } = span.spanContext();
      return (traceFlags & TraceFlags.SAMPLED) === 0 ? undefined : traceId;
    },
    async shutdown(timeoutMs = longestShutdownMs) {
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      }).then(() => warn(new Error("gave up waiting for the collector")));
      await Promise.race([provider.shutdown().catch(warn), deadline]);
      clearTimeout(timer);
    },
  };
}

function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/+$/, "")}/v1/traces`;
}

function parentOf(traceparent: string | undefined): Context {
  if (traceparent === undefined || traceparent.length > longestTraceparent) return ROOT_CONTEXT;
  const parent = parseTraceParent(traceparent);
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

// Strings, numbers and booleans stay what they are under redaction.
function redactAttributes(attributes: SpanAttributes): SpanAttributes {
  return redactFields(attributes) as SpanAttributes;
}

// One span without a proper time would make the exporter drop its whole batch.
function hasTimes({ startedAtMs, endedAtMs }: TimedSpan): boolean {
  return startedAtMs >= 0 && startedAtMs < Infinity && endedAtMs >= 0 && endedAtMs < Infinity;
}
