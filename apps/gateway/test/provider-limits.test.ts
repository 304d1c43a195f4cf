/** Limits of a provider account, learned from its answers or set by an administrator. */
import type { Quota } from "@switchyard/metering/quota";
import { afterEach, expect, it } from "vitest";
import { ConnectionFullError } from "../src/admission/connection-full.error.ts";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

afterEach(() => rig.close());

async function start(refuseAttempt: (connectionId: string) => Error | null = () => null): Promise<void> {
  const patient = (waitAtMostMs: number) => ({
    latencyObjective: { firstTokenMs: null, wholeAnswerMs: null },
    hedging: { enabled: false, mostPercentOfCalls: 5 },
    providerLimits: { waitAtMostMs, waitingAtMost: 1 },
  });
  rig = await startGatewayAndProviders(
    (urlOf) => [
      {
        name: "both",
        targets: [{ baseUrl: urlOf("first") }, { baseUrl: urlOf("second") }],
        strategy: { type: "priority" },
      },
      { name: "alone", targets: [{ baseUrl: urlOf("first") }] },
      {
        name: "patient",
        targets: [{ baseUrl: urlOf("first") }, { baseUrl: urlOf("second") }],
        strategy: { type: "priority" },
        resilience: patient(20_000),
      },
    ],
    { refuseAttempt: ({ connection }) => refuseAttempt(connection.connectionId) },
  );
}

/** What the first provider says of its limit with every answer. */
function firstSays(remaining: string, reset: string): void {
  const responseHeaders = {
    "x-ratelimit-limit-requests": "1",
    "x-ratelimit-remaining-requests": remaining,
    "x-ratelimit-reset-requests": reset,
  };
  rig.simulator.behaviours.set("first", "*", { responseHeaders });
}

async function call(model: string) {
  const response = await rig.send("/v1/chat/completions", JSON.stringify({ model, messages: hello }));
  const body = (await response.json()) as { error?: { code: string } };
  return {
    status: response.status,
    code: body.error?.code,
    retryAfter: Number(response.headers.get("retry-after")),
    provider: response.headers.get("x-switchyard-provider"),
    because: rig.gateway.requests.at(-1)?.because.map(({ text }) => text) ?? [],
  };
}

it("leaves a target alone whose provider has said that nothing is left, and says so", async () => {
  await start();
  firstSays("0", "30s");
  expect((await call("both")).provider).toBe("con_both_0");
  const next = await call("both");
  expect([next.status, next.provider]).toEqual([200, "con_both_1"]);
  expect(next.because[0]).toBe(
    "Passed over con_both_0 / simulated-model: its provider's limit has no room for such a call for another 30 s.",
  );
  expect(rig.simulator.ledger.entries({ provider: "first" }, 10)).toHaveLength(1);
});

it("answers 429 with the time that room is expected, where no other target is", async () => {
  await start();
  firstSays("0", "30s");
  await call("alone");
  const refused = await call("alone");
  expect([refused.status, refused.code]).toEqual([429, "upstream_rate_limited"]);
  expect(refused.retryAfter).toBeGreaterThan(20);
  expect(refused.retryAfter).toBeLessThanOrEqual(30);
});

it("waits where the route lets it, and goes on where too many wait", async () => {
  await start();
  firstSays("0", "2s");
  await call("patient");
  const [one, other] = await Promise.all([call("patient"), call("patient")]);
  expect([one?.status, other?.status]).toEqual([200, 200]);
  expect(new Set([one?.provider, other?.provider])).toEqual(new Set(["con_patient_0", "con_patient_1"]));
  const reasons = rig.gateway.requests.flatMap(({ because }) => because.map(({ text }) => text));
  expect(reasons).toContainEqual(
    expect.stringMatching(/^Waited \S+ m?s for room at con_patient_0 \/ simulated-model, because /),
  );
  expect(reasons).toContainEqual(
    expect.stringMatching(
      /^con_patient_0 \/ simulated-model is full, because .+; trying con_patient_1 \/ simulated-model\.$/,
    ),
  );
});

const quota: Quota = {
  quotaId: "q",
  name: "60 a minute",
  unit: "requests",
  period: "minute",
  timeZone: "UTC",
  limit: "60",
  mode: "hard",
  whenShort: "refuse",
  scopeType: "connection",
  scopeId: "con_both_0",
};

it("goes to the next target where an administrator's limit of the account is reached, and answers 429 where there is none", async () => {
  const full = new ConnectionFullError({ quota, why: "exhausted", remaining: 0n, resetsInMs: 12_000 });
  await start((connectionId) => (connectionId.endsWith("_0") ? full : null));
  const next = await call("both");
  expect([next.status, next.provider]).toEqual([200, "con_both_1"]);
  expect(next.because).toContain(
    `con_both_0 / simulated-model is full, because its limit "60 a minute" is reached; trying con_both_1 / simulated-model.`,
  );
  const refused = await call("alone");
  expect([refused.status, refused.code, refused.retryAfter]).toEqual([429, "upstream_rate_limited", 12]);
});
