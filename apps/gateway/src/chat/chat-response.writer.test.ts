import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Call } from "../accept/call.ts";
import type { AdmittedCall } from "../admission/admission.ts";
import { ChatStreamWriter } from "./chat-response.writer.ts";

const encoder = new TextEncoder();
const source = { pause: () => undefined, resume: () => undefined };
const failure = {
  failure: "truncated" as const,
  message: "It ended.",
  retryAfterMs: null,
  providerCode: null,
  providerParam: null,
  providerMessage: null,
};

let written: string[] = [];
let isDestroyed = false;

function begin(): ChatStreamWriter {
  const response = {
    writableLength: 0,
    writeHead: () => undefined,
    write: (bytes: Uint8Array | string) =>
      void written.push(typeof bytes === "string" ? bytes : Buffer.from(bytes).toString()),
    end: () => void written.push("END"),
    destroy: () => {
      isDestroyed = true;
    },
  } as unknown as ServerResponse;
  const call = {
    response,
    warnings: [],
    route: null,
    connection: null,
    model: null,
    policy: null,
    upstreamMs: 0,
    startedAt: 0,
    responseBytes: 0,
  };
  const admitted = { rateLimitHeaders: () => ({}) } as unknown as AdmittedCall;
  const writer = new ChatStreamWriter(call as unknown as Call, admitted, { keepsCopy: true });
  writer.begin(source);
  return writer;
}

beforeEach(() => {
  written = [];
  isDestroyed = false;
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it("breaks every silence of 15 seconds with a comment, which is no part of the answer", () => {
  const writer = begin();
  writer.write(encoder.encode("data: 1\n\n"));
  vi.advanceTimersByTime(14_999);
  expect(written).toEqual(["data: 1\n\n"]);
  vi.advanceTimersByTime(30_001);
  writer.write(encoder.encode("data: 2\n\n"));
  vi.advanceTimersByTime(14_999);
  writer.finish(null, () => new Uint8Array());
  vi.advanceTimersByTime(60_000);
  expect(written).toEqual(["data: 1\n\n", ": ping\n\n", ": ping\n\n", ": ping\n\n", "data: 2\n\n", "END"]);
  expect(writer.copy?.toString()).toBe("data: 1\n\ndata: 2\n\n");
});

it("ends an answer that broke off in its protocol's own words, and hangs up on a client that does not read them", () => {
  const writer = begin();
  writer.finish(failure, ({ code, status }) => encoder.encode(`event: error\ndata: ${status} ${code}\n\n`));
  expect(written).toEqual(["event: error\ndata: 502 stream_truncated\n\n"]);
  expect(isDestroyed).toBe(false);
  vi.advanceTimersByTime(5_000);
  expect(isDestroyed).toBe(true);
});
