/** What a change of policy does to the revisions that gateways run. */
import { modelOperations } from "@switchyard/api-contract/models";
import { policyRevisionOperations } from "@switchyard/api-contract/policy-revisions";
import { policyRevisionHeader } from "@switchyard/api-contract/primitives";
import { projectOperations } from "@switchyard/api-contract/projects";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { budgetOperations } from "@switchyard/api-contract/quotas";
import { type Route, type RouteBody, routeOperations } from "@switchyard/api-contract/routes";
import { teamOperations } from "@switchyard/api-contract/teams";
import { virtualKeyOperations } from "@switchyard/api-contract/virtual-keys";
import { type PolicyRevision, policyRevisionSchema } from "@switchyard/policy-engine/policy/policy-revision";
import { sha256Hex } from "@switchyard/secrets/content-key";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;
let chat: Route;
let fast: Route;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  const { items } = await controlPlane.ok(routeOperations.list);
  chat = items.find(({ name }) => name === "demo-chat")!;
  fast = items.find(({ name }) => name === "demo-fast")!;
});

afterAll(() => controlPlane.stop());

async function head(): Promise<{ number: number; content: PolicyRevision; sha256: string; text: string }> {
  const { rows } = await controlPlane.pool.query<{ number: number; content: string; sha256: string }>(
    "SELECT number, content, sha256 FROM policy_revision JOIN policy_head USING (number)",
  );
  const [{ number, content, sha256 }] = rows as [{ number: number; content: string; sha256: string }];
  return { number, content: policyRevisionSchema.parse(JSON.parse(content)), sha256, text: content };
}

function bodyOf(route: Route, changes: Partial<RouteBody> = {}): RouteBody {
  const { name, fallbackRouteIds, targets } = route;
  return {
    name,
    fallbackRouteIds,
    targets: targets.map(({ connectionId, modelId, weight }) => ({ connectionId, modelId, weight })),
    ...changes,
  };
}

const createRoute = (name: string, changes: Partial<RouteBody> = {}) =>
  controlPlane.ok(routeOperations.create, { body: bodyOf(chat, { name, ...changes }) });

describe("a publication", () => {
  it("begins with the seed's revision 1", async () => {
    const { content, sha256, text } = await head();
    expect(sha256Hex(text)).toBe(sha256);
    expect(content.routes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["demo-fast", "demo-chat", "demo-embeddings"]),
    );
    expect(content.models.map(({ providerModel }) => providerModel).toSorted()).toEqual([
      "sim-embeddings",
      "sim-image",
      "sim-large",
      "sim-moderation",
      "sim-rerank",
      "sim-small",
      "sim-tts",
      "sim-whisper",
    ]);
    expect(content.quotas).toMatchObject([{ mode: "soft", scopeType: "organisation" }]);
  });

  it("answers its number, stores the bytes it hashed and announces itself", async () => {
    const listener = new Client({ connectionString: controlPlane.env.databaseUrl });
    await listener.connect();
    const heard: (string | undefined)[] = [];
    listener.on("notification", ({ payload }) => heard.push(payload));
    await listener.query("LISTEN switchyard_policy");
    const before = await head();
    const answer = await controlPlane.send("POST", "/api/teams", { body: { name: "Announced" } });
    const after = await head();
    expect(answer.headers.get(policyRevisionHeader)).toBe(String(before.number + 1));
    expect(after.number).toBe(before.number + 1);
    expect(sha256Hex(after.text)).toBe(after.sha256);
    await listener.query("SELECT 1");
    await listener.end();
    expect(heard).toEqual([String(after.number)]);
  });

  it("makes no revision of a change that gateways cannot see", async () => {
    const before = await head();
    const { id } = (await controlPlane.ok(modelOperations.list, { query: { inUse: "false", limit: 1 } })).items[0]!;
    const path = `/api/models/${id}`;
    const answer = await controlPlane.send("PATCH", path, { body: { displayName: "Another name" } });
    expect(answer.headers.get(policyRevisionHeader)).toBe(String(before.number));
    expect((await head()).number).toBe(before.number);
  });

  it("mends a revision whose stored bytes are damaged, also where nothing else has changed", async () => {
    const save = () => controlPlane.send("PUT", `/api/routes/${chat.id}`, { body: bodyOf(chat) });
    await save();
    const { number } = await head();
    const client = await controlPlane.pool.connect();
    try {
      await client.query("BEGIN");
      await client.query("SET LOCAL session_replication_role = replica");
      await client.query("UPDATE policy_revision SET content = left(content, -1) WHERE number = $1", [number]);
      await client.query("COMMIT");
    } finally {
      client.release();
    }
    const unreadable = await controlPlane.fails(policyRevisionOperations.get, { params: { number } });
    expect([unreadable.status, unreadable.body.error.message]).toEqual([409, expect.stringContaining("damaged")]);
    await save();
    await save();
    expect((await head()).number).toBe(number + 1);
  });

  it("keeps numbers without gaps, and loses no change, when many are made at once", async () => {
    const before = await head();
    const names = Array.from({ length: 40 }, (_, index) => `At once ${index}`);
    const numbers = await Promise.all(
      names.map(async (name) => {
        const answer = await controlPlane.send("POST", "/api/teams", { body: { name } });
        return Number(answer.headers.get(policyRevisionHeader));
      }),
    );
    const expected = names.map((_, index) => before.number + 1 + index);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(expected);
    const { content, number } = await head();
    expect(number).toBe(before.number + names.length);
    expect(content.teams.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it("lets one of two who take the same name win", async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => controlPlane.send("POST", "/api/teams", { body: { name: "Contested" } })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it("leaves nothing behind when it is invalid", async () => {
    const before = await head();
    const { rows: auditBefore } = await controlPlane.pool.query("SELECT count(*) FROM audit_entry");
    const body = bodyOf(chat, {
      name: "broken",
      targets: bodyOf(chat).targets.map((target) => ({ ...target, weight: 0 })),
    });
    const answer = await controlPlane.fails(routeOperations.create, { body });
    expect(answer.status).toBe(422);
    expect((await head()).number).toBe(before.number);
    const { rows: auditAfter } = await controlPlane.pool.query("SELECT count(*) FROM audit_entry");
    expect(auditAfter).toEqual(auditBefore);
    expect((await controlPlane.ok(routeOperations.list)).items.map(({ name }) => name)).not.toContain("broken");
  });
});

/** A group as the API takes it. */
const group = (groupId: string, changes: object = {}): object => ({
  groupId,
  name: groupId,
  weight: 1,
  enabled: true,
  strategy: { type: "priority" },
  ...changes,
});

const tokensBelowAndAbove = [
  { fact: "input_tokens", atLeast: 1_000 },
  { fact: "input_tokens", atMost: 999 },
];
const notANumber = { fact: "input_tokens", atLeast: "NaN" };

describe("bad policy", () => {
  it.each([
    ["a negative weight", { targets: [{ weight: -1 }] }, 400, "targets[0].weight"],
    ["a weight that is not a number", { targets: [{ weight: "NaN" }] }, 400, "targets[0].weight"],
    ["a fractional weight", { targets: [{ weight: 0.5 }] }, 400, "targets[0].weight"],
    ["weights that add up to nothing", { targets: [{ weight: 0 }] }, 422, "targets"],
    ["no targets", { targets: [] }, 400, "targets"],
    ["an unknown model", { targets: [{ modelId: "nothing" }] }, 422, "targets[0].modelId"],
    ["an unknown connection", { targets: [{ connectionId: "nothing" }] }, 422, "targets[0].connectionId"],
    ["a target twice", { targets: [{}, {}] }, 422, "targets[1]"],
    ["an unknown fallback", { fallbackRouteIds: ["nothing"] }, 422, "fallbackRouteIds[0]"],
    ["an unknown project", { allowedProjectIds: ["nothing"] }, 422, "allowedProjectIds[0]"],
    ["an unknown strategy", { strategy: { type: "psychic" } }, 400, "strategy.type"],
    ["a name that no client could send", { name: "a b" }, 400, "name"],
    ["a group without members", { groups: [group("a")] }, 422, "groups[0]"],
    ["a target of an unknown group", { targets: [{ groupId: "a" }] }, 422, "targets[0].groupId"],
    [
      "groups inside of each other",
      { groups: [group("a", { parentGroupId: "b" }), group("b", { parentGroupId: "a" })] },
      422,
      "groups[1].parentGroupId",
    ],
    [
      "conditions that nothing meets",
      { targets: [{ groupId: "a" }], groups: [group("a", { when: { match: "all", clauses: tokensBelowAndAbove } })] },
      422,
      "groups[0].when.clauses[1]",
    ],
    [
      "a bound that is not a number",
      { targets: [{ groupId: "a" }], groups: [group("a", { when: { match: "all", clauses: [notANumber] } })] },
      400,
      "groups[0].when.clauses[0].atLeast",
    ],
    [
      "what no target promises",
      { guards: { mostCostUsd: null, requires: { regions: ["mars"] } } },
      422,
      "guards.requires",
    ],
  ])("refuses %s and says where", async (_what, fault, status, path) => {
    const { targets, ...changes } = fault as { targets?: object[] };
    const [target] = bodyOf(chat).targets;
    const body = {
      ...bodyOf(chat, { name: "faulty" }),
      ...changes,
      ...(targets && { targets: targets.map((part) => ({ ...target, ...part })) }),
    };
    const answer = await controlPlane.fails(routeOperations.create, { body });
    expect(answer.status).toBe(status);
    expect(answer.body.error.code).toBe(status === 400 ? "validation_failed" : "invalid_policy");
    expect(answer.body.error.problems?.map((problem) => problem.path)).toContain(path);
  });

  it("refuses fallbacks that go round in a circle", async () => {
    const params = { id: fast.id };
    const body = bodyOf(fast, { fallbackRouteIds: [chat.id] });
    const answer = await controlPlane.fails(routeOperations.replace, { params, body });
    expect([answer.status, answer.body.error.code]).toEqual([422, "invalid_policy"]);
    expect(answer.body.error.problems?.[0]?.code).toBe("fallback_cycle");
    const itself = await controlPlane.fails(routeOperations.replace, {
      params,
      body: bodyOf(fast, { fallbackRouteIds: [fast.id] }),
    });
    expect([itself.status, itself.body.error.problems?.[0]?.path]).toEqual([422, "fallbackRouteIds[0]"]);
  });

  it.each([
    ["a negative price", { usd: "-1" }, 400, "price.lines[0].usd", "validation_failed"],
    ["a price that is not a number", { usd: "NaN" }, 400, "price.lines[0].usd", "validation_failed"],
    ["a price as a JSON number", { usd: 2.5 }, 400, "price.lines[0].usd", "validation_failed"],
    ["a price finer than a pico-dollar a token", { usd: "0.0000001" }, 422, "price.lines[0].usd", "inexact_price"],
    ["an unknown meter", { meter: "vibes" }, 400, "price.lines[0].meter", "validation_failed"],
  ])("refuses %s and says where", async (_what, fault, status, path, code) => {
    const line = { meter: "input", usd: "1", per: 1_000_000, ...fault };
    const body = { providerKind: "openai", providerModel: "faulty", price: { lines: [line] } };
    const answer = await controlPlane.fails(modelOperations.create, { body });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.error.problems?.map((problem) => problem.path)).toContain(path);
  });

  it("keeps groups and guards as they were sent, and says where a group is missing", async () => {
    const when = { match: "all" as const, clauses: [{ fact: "tag" as const, name: "env", anyOf: ["prod"] }] };
    const groups: RouteBody["groups"] = [
      { groupId: "prod", name: "Production", weight: 1, enabled: true, strategy: { type: "sticky", by: "user" }, when },
    ];
    const guards = { mostCostUsd: "0.05", requires: {} };
    const [target] = bodyOf(chat).targets;
    const targets = [{ ...target!, groupId: "prod" }];
    const sent = { targets, groups, guards, strategy: { type: "first_match" as const } };
    const route = await createRoute("grouped", sent);
    expect(route).toMatchObject({ groups, guards, targets: [{ groupId: "prod" }] });
    const stray = { body: bodyOf(chat, { name: "ungrouped", ...sent, groups: [] }) };
    const answer = await controlPlane.fails(routeOperations.create, stray);
    const problems = answer.body.error.problems ?? [];
    expect(problems.map(({ path }) => path)).toEqual([expect.stringContaining("targets[0].groupId")]);
  });

  it("refuses a target whose connection cannot serve the model", async () => {
    const connection = await controlPlane.ok(providerConnectionOperations.create, {
      body: { name: "real openai", kind: "openai", credential: "sk-test-0123456789abcdefghij" },
    });
    const [target] = bodyOf(chat).targets;
    const targets = [{ ...target!, connectionId: connection.id }];
    const answer = await controlPlane.fails(routeOperations.create, { body: bodyOf(chat, { name: "mixed", targets }) });
    expect(answer.status).toBe(422);
    expect(answer.body.error.problems).toMatchObject([{ path: "targets[0].modelId", code: "provider_kind_mismatch" }]);
  });

  it("refuses an edit of a state that somebody else has changed since", async () => {
    const route = await createRoute("edited-twice");
    const params = { id: route.id };
    const expectedUpdatedAt = route.updatedAt;
    await controlPlane.ok(routeOperations.replace, {
      params,
      body: { ...bodyOf(route, { maxAttempts: 2 }), expectedUpdatedAt },
    });
    const answer = await controlPlane.fails(routeOperations.replace, {
      params,
      body: { ...bodyOf(route, { maxAttempts: 4 }), expectedUpdatedAt },
    });
    expect([answer.status, answer.body.error.code]).toEqual([409, "stale_edit"]);
  });

  it("keeps what is in use", async () => {
    const target = chat.targets[0]!;
    const refusals = await Promise.all([
      controlPlane.fails(modelOperations.archive, { params: { id: target.modelId } }),
      controlPlane.fails(providerConnectionOperations.archive, { params: { id: target.connectionId } }),
      controlPlane.fails(routeOperations.remove, { params: { id: fast.id } }),
      controlPlane.fails(teamOperations.archive, {
        params: { id: (await controlPlane.ok(projectOperations.list)).items[0]!.teamId },
      }),
    ]);
    expect(refusals.map(({ status, body }) => [status, body.error.code])).toEqual(Array(4).fill([409, "in_use"]));
  });
});

describe("keys in policy", () => {
  it("come and go with issue, rotation and revocation", async () => {
    const [project] = (await controlPlane.ok(projectOperations.list)).items;
    const issued = await controlPlane.ok(virtualKeyOperations.issue, {
      body: { projectId: project!.id, name: "Rotating", allowedRouteIds: [chat.id] },
    });
    const params = { id: issued.virtualKey.id };
    const keyIn = async (id: string) =>
      (await head()).content.virtualKeys.find(({ virtualKeyId }) => virtualKeyId === id);
    expect(await keyIn(params.id)).toMatchObject({ notAfterMs: null, allowedRouteIds: [chat.id] });

    const beforeMs = Date.now();
    const successor = await controlPlane.ok(virtualKeyOperations.rotate, { params, body: { overlapSeconds: 3_600 } });
    expect((await keyIn(params.id))?.notAfterMs).toBeGreaterThanOrEqual(beforeMs + 3_600_000);
    expect(await keyIn(successor.virtualKey.id)).toMatchObject({ notAfterMs: null, allowedRouteIds: [chat.id] });
    const again = await controlPlane.fails(virtualKeyOperations.rotate, { params, body: {} });
    expect([again.status, again.body.error.code]).toEqual([409, "key_not_active"]);

    await controlPlane.ok(virtualKeyOperations.revoke, { params });
    expect(await keyIn(params.id)).toBeUndefined();
    const twice = await controlPlane.fails(virtualKeyOperations.revoke, { params });
    expect([twice.status, twice.body.error.code]).toEqual([409, "key_not_active"]);
  });

  it("stop at once when a rotation has no overlap", async () => {
    const [project] = (await controlPlane.ok(projectOperations.list)).items;
    const issued = await controlPlane.ok(virtualKeyOperations.issue, {
      body: { projectId: project!.id, name: "Hard cut" },
    });
    const params = { id: issued.virtualKey.id };
    await controlPlane.ok(virtualKeyOperations.rotate, { params, body: { overlapSeconds: 0 } });
    expect((await controlPlane.ok(virtualKeyOperations.get, { params })).state).toBe("expired");
    const ids = (await head()).content.virtualKeys.map(({ virtualKeyId }) => virtualKeyId);
    expect(ids).not.toContain(issued.virtualKey.id);
  });

  it("are revoked with their project", async () => {
    const team = await controlPlane.ok(teamOperations.create, { body: { name: "Short-lived" } });
    const project = await controlPlane.ok(projectOperations.create, { body: { teamId: team.id, name: "Demo" } });
    const { virtualKey } = await controlPlane.ok(virtualKeyOperations.issue, {
      body: { projectId: project.id, name: "Demo key" },
    });
    await controlPlane.ok(projectOperations.archive, { params: { id: project.id } });
    expect((await controlPlane.ok(virtualKeyOperations.get, { params: { id: virtualKey.id } })).state).toBe("revoked");
    const late = await controlPlane.fails(virtualKeyOperations.issue, {
      body: { projectId: project.id, name: "Late" },
    });
    expect([late.status, late.body.error.code]).toEqual([409, "archived"]);
  });
});

describe("a roll-back", () => {
  it("restores routes and limits, and leaves keys, credentials and prices as they are", async () => {
    const [team] = (await controlPlane.ok(teamOperations.list)).items;
    const budget = await controlPlane.ok(budgetOperations.create, {
      body: { name: "Rolled back", scope: { type: "team", id: team!.id }, limitUsd: "5", period: "month" },
    });
    const kept = await createRoute("kept");
    const { number } = await head();

    const removed = await controlPlane.ok(routeOperations.get, { params: { id: kept.id } });
    await controlPlane.ok(routeOperations.remove, { params: { id: kept.id } });
    await createRoute("newer");
    await controlPlane.ok(budgetOperations.update, { params: { id: budget.id }, body: { limitUsd: "9" } });
    await controlPlane.ok(budgetOperations.archive, { params: { id: budget.id } });
    const [project] = (await controlPlane.ok(projectOperations.list)).items;
    const issued = await controlPlane.ok(virtualKeyOperations.issue, {
      body: { projectId: project!.id, name: "Newer key" },
    });
    const modelId = chat.targets[0]!.modelId;
    await controlPlane.ok(modelOperations.addPrice, {
      params: { id: modelId },
      body: { lines: [{ meter: "input", usd: "3", per: 1_000_000 }] },
    });

    const back = await controlPlane.ok(policyRevisionOperations.rollBack, { params: { number } });
    const { content } = await head();
    expect(back.number).toBe((await head()).number);
    const names = content.routes.map(({ name }) => name);
    expect(names).toContain("kept");
    expect(names).not.toContain("newer");
    const restored = await controlPlane.ok(routeOperations.get, { params: { id: kept.id } });
    expect(bodyOf(restored)).toEqual(bodyOf(removed));
    expect(content.quotas.find(({ quotaId }) => quotaId === budget.id)?.limit).toBe("5000000000000");
    expect(await controlPlane.ok(budgetOperations.get, { params: { id: budget.id } })).toMatchObject({ limitUsd: "5" });
    expect(content.virtualKeys.map(({ virtualKeyId }) => virtualKeyId)).toContain(issued.virtualKey.id);
    const prices = content.models.find((model) => model.modelId === modelId)!.prices;
    expect(prices.map(({ lines }) => lines[0]?.unitPricePicoUsd)).toEqual(["3000000"]);
  });

  it("restores routes that have swapped their names", async () => {
    const first = await createRoute("swap-a");
    const second = await createRoute("swap-b");
    const { number } = await head();
    const rename = (route: Route, name: string) =>
      controlPlane.ok(routeOperations.replace, { params: { id: route.id }, body: bodyOf(route, { name }) });
    await rename(first, "swap-c");
    await rename(second, "swap-a");
    await rename(first, "swap-b");
    await controlPlane.ok(policyRevisionOperations.rollBack, { params: { number } });
    expect((await controlPlane.ok(routeOperations.get, { params: { id: first.id } })).name).toBe("swap-a");
    expect((await controlPlane.ok(routeOperations.get, { params: { id: second.id } })).name).toBe("swap-b");
  });

  it("says what is missing when it cannot", async () => {
    const connection = await controlPlane.ok(providerConnectionOperations.create, {
      body: { name: "passing", kind: "openai-compatible", baseUrl: "https://passing.example/v1" },
    });
    const target = { connectionId: connection.id, modelId: chat.targets[0]!.modelId, weight: 1 };
    const route = await createRoute("passing", { targets: [target] });
    const { number } = await head();
    await controlPlane.ok(routeOperations.remove, { params: { id: route.id } });
    await controlPlane.ok(providerConnectionOperations.archive, { params: { id: connection.id } });
    const answer = await controlPlane.fails(policyRevisionOperations.rollBack, { params: { number } });
    expect([answer.status, answer.body.error.code]).toEqual([409, "roll_back_blocked"]);
    expect(answer.body.error.problems).toMatchObject([
      { path: "routes[passing].targets[0].connectionId", code: "gone" },
    ]);
  });

  it("refuses the revision that is current", async () => {
    const { number } = await head();
    const answer = await controlPlane.fails(policyRevisionOperations.rollBack, { params: { number } });
    expect([answer.status, answer.body.error.code]).toEqual([409, "already_current"]);
  });
});

describe("history", () => {
  it("shows content without digests and sealed credentials", async () => {
    const { number, content } = await head();
    const shown = JSON.stringify(await controlPlane.ok(policyRevisionOperations.get, { params: { number } }));
    expect(content.virtualKeys.length).toBeGreaterThan(0);
    for (const { digest } of content.virtualKeys) expect(shown).not.toContain(digest);
    for (const { sealed } of content.connections.flatMap(({ credentials }) => credentials)) {
      expect(shown).not.toContain(sealed);
    }
  });

  it("pages from the newest to the first", async () => {
    const numbers: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await controlPlane.ok(policyRevisionOperations.list, {
        query: { limit: 7, ...(cursor !== undefined && { cursor }) },
      });
      numbers.push(...page.items.map(({ number }) => number));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const { number } = await head();
    expect(numbers).toEqual(Array.from({ length: number }, (_, index) => number - index));
  });

  it("compares any two revisions, and the first with nothing", async () => {
    const { number } = await head();
    const first = await controlPlane.ok(policyRevisionOperations.diff, { params: { number: 1 } });
    expect(first).toMatchObject({ from: 0, to: 1 });
    expect(first.changes.every(({ kind }) => kind === "added")).toBe(true);
    const same = await controlPlane.ok(policyRevisionOperations.diff, {
      params: { number },
      query: { against: number },
    });
    expect(same.changes).toEqual([]);
  });
});
