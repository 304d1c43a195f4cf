import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startTracing, type RequestSpan, type TimedSpan } from "./tracing.ts";

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly status?: { readonly code?: number };
}

interface Collector {
  readonly endpoint: string;
  readonly bodies: string[];
  readonly spans: () => ReceivedSpan[];
}

let server: Server | undefined;

async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(`${request.url} ${Buffer.concat(chunks).toString()}`);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const spans = (): ReceivedSpan[] =>
    bodies.flatMap((body) => {
      const { resourceSpans } = JSON.parse(body.slice(body.indexOf("{"))) as {
        resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
      };
      return resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans));
    });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, spans };
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

const request: RequestSpan = {
  name: "chat route-a",
  startedAtMs: 1_700_000_000_000,
  endedAtMs: 1_700_000_000_812.5,
  isError: false,
  attributes: { requestId: "r1", route: "route-a", status: 200, isStream: true },
  attempts: [
    {
      name: "attempt 1",
      startedAtMs: 1_700_000_000_001,
      endedAtMs: 1_700_000_000_100,
      isError: true,
      attributes: { provider: "one" },
    },
    {
      name: "attempt 2",
      startedAtMs: 1_700_000_000_101,
      endedAtMs: 1_700_000_000_800,
      isError: false,
      attributes: { provider: "two" },
    },
  ],
};
const clientTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("startTracing", () => {
  it("does nothing without an endpoint", async () => {
    const tracing = await startTracing({ service: "gateway", endpoint: undefined });
    expect(tracing.recordRequestSpan(request)).toBeUndefined();
    await tracing.shutdown();
  });

  it("delivers a request with its attempts as one trace", async () => {
    const collector = await startCollector();
    const tracing = await startTracing({ service: "gateway", version: "1.2.3", endpoint: `${collector.endpoint}/` });
    const traceId = tracing.recordRequestSpan(request);
    await tracing.shutdown();
    expect(collector.bodies[0]).toMatch(/^\/v1\/traces /);
    expect(collector.bodies[0]).toContain('"switchyard-gateway"');
    const spans = collector.spans();
    expect(spans.map((span) => span.name)).toEqual(["chat route-a", "attempt 1", "attempt 2"]);
    const [root, first, second] = spans;
    expect(spans.every((span) => span.traceId === traceId)).toBe(true);
    expect(root?.parentSpanId).toBeUndefined();
    expect([first?.parentSpanId, second?.parentSpanId]).toEqual([root?.spanId, root?.spanId]);
    expect([root?.startTimeUnixNano, root?.endTimeUnixNano]).toEqual(["1700000000000000000", "1700000000812500000"]);
    expect(root?.attributes).toContainEqual({ key: "status", value: { intValue: 200 } });
    expect([root?.status?.code ?? 0, first?.status?.code]).toEqual([0, 2]);
  });

  it("joins the client's trace, and ignores a malformed one", async () => {
    const collector = await startCollector();
    const tracing = await startTracing({ service: "gateway", endpoint: collector.endpoint });
    const parents = [
      `00-${clientTraceId}-00f067aa0ba902b7-01`,
      `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
      "nonsense",
      "",
      "-".repeat(100_000),
    ];
    const traceIds = parents.map((traceparent) => tracing.recordRequestSpan({ ...request, traceparent, attempts: [] }));
    await tracing.shutdown();
    expect(traceIds[0]).toBe(clientTraceId);
    expect(collector.spans()[0]?.parentSpanId).toBe("00f067aa0ba902b7");
    expect(new Set(traceIds).size).toBe(parents.length);
    expect(collector.spans()).toHaveLength(parents.length);
  });

  it("samples by ratio unless the client's trace decides", async () => {
    const collector = await startCollector();
    const tracing = await startTracing({ service: "gateway", endpoint: collector.endpoint, sampleRatio: 0 });
    expect(tracing.recordRequestSpan(request)).toBeUndefined();
    const sampled = tracing.recordRequestSpan({ ...request, traceparent: `00-${clientTraceId}-00f067aa0ba902b7-01` });
    await tracing.shutdown();
    expect(sampled).toBe(clientTraceId);
    expect(collector.spans()).toHaveLength(3);
  });

  it("keeps secrets out of names and attributes", async () => {
    const collector = await startCollector();
    const tracing = await startTracing({ service: "gateway", endpoint: collector.endpoint });
    const secret = "sk-sy-CANARYabcdefgh";
    tracing.recordRequestSpan({ ...request, name: secret, attributes: { note: secret, authorization: "CANARY" } });
    await tracing.shutdown();
    expect(collector.bodies.join("")).not.toContain("CANARY");
    expect(collector.spans()).toHaveLength(3);
  });

  it("leaves out what has no proper time, and delivers the rest", async () => {
    const collector = await startCollector();
    const tracing = await startTracing({ service: "gateway", endpoint: collector.endpoint });
    for (const oddMs of [Number.NaN, -1, Infinity]) {
      expect(tracing.recordRequestSpan({ ...request, startedAtMs: oddMs })).toBeUndefined();
      expect(tracing.recordRequestSpan({ ...request, endedAtMs: oddMs })).toBeUndefined();
    }
    const [first, second] = request.attempts as [TimedSpan, TimedSpan];
    tracing.recordRequestSpan({ ...request, attempts: [{ ...first, endedAtMs: Number.NaN }, second] });
    await tracing.shutdown();
    expect(collector.spans().map((span) => span.name)).toEqual(["chat route-a", "attempt 2"]);
  });

  it.each([
    ["refuses", (response: ServerResponse) => void response.writeHead(400).end()],
    ["never answers", () => undefined],
  ])("reports a collector that %s, and still shuts down", async (_what, answer) => {
    server = createServer((_request, response) => answer(response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const warnings: object[] = [];
    const logger = { warn: (fields: object) => void warnings.push(fields) };
    const tracing = await startTracing({ service: "gateway", endpoint, logger });
    tracing.recordRequestSpan(request);
    await tracing.shutdown(500);
    expect(warnings).toContainEqual({ err: expect.any(Error) });
  });
});
