/** What a route lets follow each kind of trouble, at providers that have it. */
import type { AfterFailure } from "@switchyard/policy-engine/resilience/after-failure";
import { noResilience } from "@switchyard/policy-engine/policy/route";
import type { Behaviour } from "@switchyard/simulator/behaviour/behaviour";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

const timeouts = { connectMs: 1_000, firstByteMs: 300, idleMs: 300, totalMs: 5_000 };
const strategy = { type: "priority" } as const;
const rules: Readonly<Record<string, AfterFailure>> = {
  usual: {},
  strict: { overload: "stop", outage: "stop", badCredential: "stop", contextWindow: "stop" },
  lenient: { contentFilter: "other_target", contextWindow: "other_target" },
};
const tooLong: Behaviour = { errorStatus: 400, errorCode: "context_length_exceeded" };
const filtered: Behaviour = { errorStatus: 400, errorCode: "content_filter" };

beforeAll(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    ...Object.entries(rules).map(([name, afterFailure]) => ({
      name,
      targets: [{ baseUrl: urlOf(name) }, { baseUrl: urlOf("spare") }],
      strategy,
      timeouts,
      resilience: { ...noResilience, afterFailure },
    })),
    {
      name: "windows",
      targets: [
        { baseUrl: urlOf("windows"), providerModel: "short", contextWindow: 8_000 },
        { baseUrl: urlOf("windows"), providerModel: "middling", contextWindow: 16_000 },
        { baseUrl: urlOf("spare"), providerModel: "long", contextWindow: 200_000 },
      ],
      strategy,
      maxAttempts: 2,
    },
  ]);
});

afterAll(() => rig.close());

beforeEach(() => {
  rig.gateway.settled.length = 0;
  rig.gateway.requests.length = 0;
});

/** Who answered, or with which code nobody did; and the reasons of the decision. */
async function call(route: string, behaviour: Behaviour): Promise<readonly [string, string]> {
  rig.simulator.behaviours.set(route, "*", behaviour);
  const response = await rig.send("/v1/chat/completions", JSON.stringify({ model: route, messages: hello }));
  const body = (await response.json()) as { error?: { code: string } };
  const because = rig.gateway.requests.at(-1)?.because.at(-1);
  return [body.error?.code ?? response.headers.get("x-switchyard-provider") ?? "", because?.text ?? ""];
}

describe("what a route lets follow", () => {
  it.each<[string, Behaviour, string, RegExp]>([
    ["strict", { errorStatus: 500 }, "upstream_error", /the route stops after an outage\.$/],
    ["strict", { errorStatus: 401 }, "provider_credential_rejected", /the route stops after a credential/],
    ["usual", filtered, "content_filter", /allows no other target after a request that was filtered\.$/],
    [
      "lenient",
      filtered,
      "con_lenient_1",
      /filtered the request.*; trying con_lenient_1 \S+ \S+, as the route says\.$/,
    ],
    ["usual", tooLong, "context_length_exceeded", /no other target is left that could answer\.$/],
    ["lenient", tooLong, "con_lenient_1", /has too small a context window.*, as the route says\.$/],
    ["strict", tooLong, "context_length_exceeded", /the route stops after a request that is too long\.$/],
    // Last, since a provider that names a time to wait is left alone for as long.
    ["usual", { errorStatus: 429 }, "con_usual_1", /; trying con_usual_1 \/ simulated-model\.$/],
    ["strict", { errorStatus: 429 }, "upstream_rate_limited", /the route stops after an overloaded target\.$/],
  ])("route %s after %o: %s", async (route, behaviour, outcome, because) => {
    const [came, text] = await call(route, behaviour);
    expect(came).toBe(outcome);
    expect(text).toMatch(because);
    expect(rig.gateway.settled).toHaveLength(came.startsWith("con_") ? 2 : 1);
  });

  it("is a larger model that the plan had no place for, where the request is too long", async () => {
    expect(await call("windows", tooLong)).toEqual(["con_windows_2", expect.stringMatching(/; trying \S+ \/ long\.$/)]);
    // Anything else leads to what the plan names.
    expect(await call("windows", { errorStatus: 500 })).toEqual(["upstream_error", expect.any(String)]);
  });
});
