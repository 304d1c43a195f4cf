import type { Behaviour } from "@switchyard/simulator/behaviour/behaviour";
import { APIError } from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

const timeouts = { connectMs: 1_000, firstByteMs: 300, idleMs: 300, totalMs: 5_000 };

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    { name: "chat", targets: [{ baseUrl: urlOf("first") }], fallbacks: ["spare"], timeouts },
    { name: "spare", targets: [{ baseUrl: urlOf("second") }], timeouts },
    { name: "alone", targets: [{ baseUrl: urlOf("first") }], timeouts },
  ]);
});

afterEach(() => rig.close());

function firstIs(behaviour: Behaviour): void {
  rig.simulator.behaviours.set("first", "*", behaviour);
}

const failures: readonly (readonly [string, Behaviour, string, boolean])[] = [
  ["429", { errorStatus: 429 }, "rate_limited", false],
  ["500", { errorStatus: 500 }, "server_error", false],
  ["503", { errorStatus: 503 }, "overloaded", false],
  ["401 for our credential", { errorStatus: 401 }, "credential_rejected", false],
  ["402 for our account", { errorStatus: 402 }, "credit_exhausted", false],
  ["a closed connection", { connectRefusal: true }, "server_error", true],
  ["a slow first byte", { slowFirstByteMs: 3_000 }, "timeout", true],
  ["a web page", { garbage: "html" }, "malformed_response", true],
  ["half of an answer", { garbage: "truncated_json" }, "malformed_response", true],
];

describe("before the first byte", () => {
  it.each(failures)("goes on to the next target after %s", async (_, behaviour, failureClass, mayBeBilled) => {
    firstIs(behaviour);
    const { data, response } = await rig.client.chat.completions
      .create({ model: "chat", messages: hello })
      .withResponse();
    expect(data.choices[0]?.message.content).not.toBe("");
    expect(response.headers.get("x-switchyard-attempts")).toBe("2");
    expect(response.headers.get("x-switchyard-provider")).toBe("con_spare_0");
    expect(rig.gateway.settled.map(({ outcome }) => [outcome.failureClass, outcome.mayBeBilled])).toEqual([
      [failureClass, mayBeBilled],
      [null, true],
    ]);
  });

  const streamFailures = failures.filter(([name]) => name !== "half of an answer");

  it.each(streamFailures)("goes on with a stream after %s", async (_, behaviour) => {
    firstIs(behaviour);
    const stream = await rig.client.chat.completions.create({ model: "chat", messages: hello, stream: true });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).not.toBe("");
    expect(rig.gateway.settled.map(({ outcome }) => outcome.verdict)).toEqual([
      expect.stringMatching(/errored|invalid|truncated/),
      "complete",
    ]);
  });

  it("tells each attempt apart at the provider and holds money for each", async () => {
    firstIs({ errorStatus: 500 });
    await rig.client.chat.completions.create({ model: "chat", messages: hello });
    const attemptIds = [...rig.simulator.requests.newestFirst()].map(({ attemptId }) => attemptId).toReversed();
    expect(attemptIds).toEqual(rig.gateway.held.map(({ attemptId }) => attemptId));
    expect(new Set(attemptIds).size).toBe(2);
  });

  it("does not try another target for a request that the provider calls wrong", async () => {
    firstIs({ errorStatus: 400, errorMessage: "temperature must be at most 2" });
    const failure = await failureOf(rig.client.chat.completions.create({ model: "chat", messages: hello }));
    expect([failure.status, failure.code]).toEqual([400, "upstream_rejected_request"]);
    expect(failure.message).toContain("temperature must be at most 2");
    expect(rig.gateway.settled).toHaveLength(1);
  });

  it("takes secrets out of what a provider says", async () => {
    firstIs({ errorStatus: 400, errorMessage: "wrong key sk-proj-abcdefgh12345678 for this" });
    const failure = await failureOf(rig.client.chat.completions.create({ model: "chat", messages: hello }));
    expect(failure.message).not.toContain("sk-proj-abcdefgh12345678");
  });
});

describe("when no target is left", () => {
  it.each([
    [{ errorStatus: 429, retryAfter: "7" }, 429, "upstream_rate_limited", "7", null],
    [{ errorStatus: 500 }, 502, "upstream_error", null, null],
    [{ errorStatus: 503 }, 503, "overloaded", "1", null],
    [{ errorStatus: 401 }, 503, "provider_credential_rejected", null, "false"],
    [{ errorStatus: 402 }, 503, "provider_credit_exhausted", null, "false"],
    [{ slowFirstByteMs: 3_000 }, 504, "upstream_timeout", null, null],
    [{ garbage: "html" }, 502, "upstream_malformed_output", null, null],
    [{ garbage: "error_in_200" }, 502, "upstream_error", null, null],
  ] satisfies [Behaviour, number, string, string | null, string | null][])(
    "%o becomes %i %s",
    async (behaviour, status, code, retryAfter, shouldRetry) => {
      firstIs(behaviour);
      const failure = await failureOf(rig.client.chat.completions.create({ model: "alone", messages: hello }));
      expect([failure.status, failure.code]).toEqual([status, code]);
      expect(failure.headers?.get("retry-after") ?? null).toBe(retryAfter);
      expect(failure.headers?.get("x-should-retry") ?? null).toBe(shouldRetry);
      expect(rig.gateway.requests).toMatchObject([{ status, errorCode: code, attempts: 1 }]);
    },
  );

  it("answers 502 for a provider that nobody listens for, and bills nothing", async () => {
    await rig.simulator.close();
    const failure = await failureOf(rig.client.chat.completions.create({ model: "alone", messages: hello }));
    expect([failure.status, failure.code]).toEqual([502, "upstream_error"]);
    expect(rig.gateway.settled).toMatchObject([{ outcome: { failureClass: "connect", mayBeBilled: false } }]);
  });
});

describe("after the first byte", () => {
  it.each([
    ["a cut", { cutAfterChunks: 3 }],
    ["an early end", { cleanEofAfterChunks: 3 }],
    ["a stall", { stallAfterChunks: 3 }],
    ["an error event", { errorMidStream: 3 }],
  ] satisfies [string, Behaviour][])("%s ends in an error event and no [DONE]", async (_, behaviour) => {
    firstIs({ outputTokens: 40, chunkTokens: 1, tokensPerSecond: 100, ...behaviour });
    const response = await rig.send(
      "/v1/chat/completions",
      JSON.stringify({ model: "chat", messages: hello, stream: true }),
    );
    const events = await readUntilCut(response);
    expect(response.status).toBe(200);
    expect(events.length).toBeGreaterThan(1);
    expect(JSON.parse(events.at(-1)?.slice("data: ".length) ?? "")).toMatchObject({
      error: { type: "upstream_error", code: expect.any(String) },
    });
    expect(events).not.toContain("data: [DONE]");
    expect(rig.gateway.settled).toMatchObject([{ outcome: { mayBeBilled: true, usageSource: "estimate" } }]);
    expect(rig.gateway.finished).toHaveLength(1);
  });

  it("the official client sees the break", async () => {
    firstIs({ outputTokens: 40, chunkTokens: 1, tokensPerSecond: 100, cleanEofAfterChunks: 3 });
    const stream = await rig.client.chat.completions.create({ model: "chat", messages: hello, stream: true });
    await expect(
      (async () => {
        for await (const _chunk of stream);
      })(),
    ).rejects.toThrow(APIError);
  });
});

async function failureOf(call: Promise<unknown>): Promise<APIError> {
  const failure = await call.then(
    () => new Error("the call was answered"),
    (error: unknown) => error,
  );
  if (!(failure instanceof APIError)) throw failure;
  return failure;
}

/** The events that arrived before the connection was closed, however it was. */
async function readUntilCut(response: Response): Promise<string[]> {
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    // A destroyed connection is how the answer must end.
  }
  return text.split("\n\n").filter((event) => event !== "");
}
