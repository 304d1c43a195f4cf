/** What a draft would do, asked of the real control plane; the policy and the log stay as they are. */
import { type Route, type RouteBody, routeOperations } from "@switchyard/api-contract/routes";
import { whatIfOperations } from "@switchyard/api-contract/what-if";
import { latencyBucketCount } from "@switchyard/metering/latency-buckets";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordCall } from "../../test/record-call.ts";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;
let chat: Route;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  chat = (await controlPlane.ok(routeOperations.list)).items.find(({ name }) => name === "demo-chat")!;
});

afterAll(() => controlPlane.stop());

function draftOf(changes: Partial<RouteBody> = {}): RouteBody {
  const { name, fallbackRouteIds, targets } = chat;
  return {
    name,
    fallbackRouteIds,
    targets: targets.map(({ connectionId, modelId, weight }) => ({ connectionId, modelId, weight })),
    ...changes,
  };
}

const call = { inputTokens: 1_000, outputTokens: 100 };

it("says where a call would go and what it would cost, and publishes nothing", async () => {
  const route = draftOf({ strategy: { type: "cheapest", expectedOutputTokens: 500 } });
  const preview = await controlPlane.ok(whatIfOperations.preview, { body: { routeId: chat.id, route, call } });
  expect(preview.because[0]?.text).toMatch(/^Chose .+: this call is expected to cost \$0\.\d+ there/);
  expect(preview.firstChoices).toEqual([{ label: preview.attempts[0]?.label, calls: preview.draws }]);
  expect(Number(preview.attempts[0]?.expectedUsd)).toBeGreaterThan(0);
  expect(preview.replay).toBeNull();
  const { strategy } = await controlPlane.ok(routeOperations.get, { params: { id: chat.id } });
  expect(strategy).toEqual(chat.strategy);
});

it("judges conditions by the imagined caller", async () => {
  const [first, ...rest] = draftOf().targets;
  const when = { match: "all" as const, clauses: [{ fact: "tag" as const, name: "env", anyOf: ["prod"] }] };
  const group = {
    groupId: "prod",
    name: "Production",
    weight: 1,
    enabled: true,
    strategy: { type: "priority" as const },
    when,
  };
  const route = draftOf({
    strategy: { type: "priority" },
    groups: [group],
    targets: [{ ...first!, groupId: "prod" }, ...rest],
  });
  const previewFor = (tags: string[]) =>
    controlPlane.ok(whatIfOperations.preview, { body: { routeId: chat.id, route, call: { ...call, tags } } });
  expect((await previewFor(["env=test"])).because[0]?.text).toMatch(/^Passed over group Production: /);
  expect((await previewFor(["env=prod"])).because[0]?.text).toMatch(/^Chose group Production: /);
});

it("plans the calls that were made again, and adds up what changes", async () => {
  await recordCall(controlPlane, { costPicoUsd: 7n, routeName: "demo-chat" });
  await recordCall(controlPlane, { costPicoUsd: 7n, routeName: "demo-chat" });
  const { rows } = await controlPlane.pool.query<{ route_id: string }>("SELECT route_id FROM request_log LIMIT 1");
  const route = (await controlPlane.ok(routeOperations.list)).items.find(({ id }) => id === rows[0]?.route_id)!;
  const same = {
    name: route.name,
    strategy: route.strategy,
    fallbackRouteIds: route.fallbackRouteIds,
    targets: route.targets.map(({ connectionId, modelId, weight }) => ({ connectionId, modelId, weight })),
  };
  const replayOf = async (draft: RouteBody) =>
    (
      await controlPlane.ok(whatIfOperations.preview, {
        body: { routeId: route.id, route: draft, call, replayCalls: 50 },
      })
    ).replay;
  const unchanged = await replayOf(same);
  expect(unchanged).toMatchObject({ calls: 2, elsewhere: 0, unanswered: 0 });
  expect(unchanged?.afterUsd).toBe(unchanged?.beforeUsd);
  expect(unchanged?.teams).toMatchObject([{ calls: 2, unanswered: 0, afterUsd: unchanged?.afterUsd }]);
  const refused = await replayOf({ ...same, guards: { mostCostUsd: "0", requires: {} } });
  expect(refused).toMatchObject({ calls: 2, elsewhere: 2, unanswered: 2, afterUsd: "0" });
});

it("lets routes that go by times and outcomes choose as they would now", async () => {
  const [slow, quick] = chat.targets;
  const timed = (target: typeof slow, bucket: number) => ({
    connectionId: target?.connectionId,
    modelId: target?.modelId,
    answered: 50,
    failures: {},
    firstToken: null,
    wholeAnswer: Array.from({ length: latencyBucketCount }, (_, index) => (index === bucket ? 50 : 0)),
    circuit: "open",
    idleForMs: 0,
  });
  const seen = (target: typeof slow, successes: number) => ({
    taskClass: "code",
    connectionId: target?.connectionId,
    modelId: target?.modelId,
    successes,
    failures: 100 - successes,
    outputTokens: 10_000,
  });
  await controlPlane.pool.query(
    `INSERT INTO gateway_health (gateway_id, boot_id, region, reported_at, targets)
     VALUES ('gateway-0', '00000000-0000-4000-8000-000000000001', NULL, clock_timestamp(), $1)`,
    [JSON.stringify([timed(slow, 30), timed(quick, 10)])],
  );
  await controlPlane.pool.query(
    "INSERT INTO performance_facts (computed_at, evidence, included) VALUES (clock_timestamp(), $1, '[]')",
    [JSON.stringify([seen(slow, 20), seen(quick, 90)])],
  );
  const firstOf = async (strategy: RouteBody["strategy"]) => {
    const route = draftOf({ strategy });
    const preview = await controlPlane.ok(whatIfOperations.preview, { body: { routeId: chat.id, route, call } });
    const [choice] = preview.firstChoices;
    // A hundredth of the calls explores.
    expect(choice?.calls).toBeGreaterThan(0.9 * preview.draws);
    return [choice?.label, preview.because[0]?.text] as const;
  };
  const label = `${quick?.connectionName} / ${quick?.providerModel}`;
  expect(await firstOf({ type: "fastest", explorePercent: 1 })).toEqual([
    label,
    expect.stringMatching(new RegExp(`^Chose ${label}: half of its recent answers were whole within \\d+ ms`)),
  ]);
  expect(await firstOf({ type: "adaptive", explorePercent: 1, successPercentAtLeast: 50 })).toEqual([
    label,
    expect.stringMatching(new RegExp(`^Chose ${label}: .* succeeds at \\d+ % of all tasks, as far as 100 tell`)),
  ]);
});

it("refuses a draft as publishing would, at the field", async () => {
  const route = draftOf({ strategy: { type: "canary", percent: 5 }, targets: draftOf().targets.slice(0, 1) });
  const answer = await controlPlane.fails(whatIfOperations.preview, { body: { routeId: chat.id, route, call } });
  expect([answer.status, answer.body.error.problems?.[0]?.path]).toEqual([422, "strategy"]);
});
