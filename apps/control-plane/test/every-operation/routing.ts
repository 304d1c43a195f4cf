/** What calls are sent to, and by which routes. */
import { catalogueChangeOperations } from "@switchyard/api-contract/catalogue-changes";
import { modelOperations } from "@switchyard/api-contract/models";
import { policyRevisionOperations } from "@switchyard/api-contract/policy-revisions";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { routeOperations } from "@switchyard/api-contract/routes";
import { whatIfOperations } from "@switchyard/api-contract/what-if";
import { expect, it } from "vitest";
import type { Walk } from "./walk.ts";

export function walkRouting(walk: Walk): void {
  const { ok } = walk;
  it("connects providers and tests the connection", async () => {
    expect((await ok(providerConnectionOperations.kinds)).items.map(({ kind }) => kind)).toContain("openai");
    const created = await ok(providerConnectionOperations.create, {
      body: {
        name: "acme",
        kind: "openai-compatible",
        baseUrl: `${walk.providerUrl}/`,
        credential: "provider-secret-0123456789",
      },
    });
    expect(created).toMatchObject({ baseUrl: walk.providerUrl, credentials: [{ hint: "6789", state: "active" }] });
    const params = { id: created.id };
    expect(await ok(providerConnectionOperations.test, { params })).toMatchObject({
      ok: true,
      outcome: "ok",
      models: ["one", "two"],
    });
    await ok(providerConnectionOperations.update, { params, body: { region: "eu" } });
    const body = { credential: "provider-secret-9876543210", retireOthers: true };
    const renewed = await ok(providerConnectionOperations.addCredential, { params, body });
    expect(renewed.credentials.map(({ state }) => state)).toEqual(["active", "retiring"]);
    const credentialId = renewed.credentials[1]!.id;
    await ok(providerConnectionOperations.removeCredential, { params: { ...params, credentialId } });
    expect((await ok(providerConnectionOperations.get, { params })).credentials).toHaveLength(1);
    await ok(providerConnectionOperations.archive, { params });
    const names = (await ok(providerConnectionOperations.list)).items.map(({ name }) => name);
    expect(names).toEqual(["simulator", "simulator-backup"]);
  });

  it("keeps models and their prices", async () => {
    const model = await ok(modelOperations.create, {
      body: {
        providerKind: "openai-compatible",
        providerModel: "acme-1",
        price: { lines: [{ meter: "input", usd: "2.50", per: 1_000_000 }] },
      },
    });
    expect(model).toMatchObject({
      pricing: "priced",
      currentPrice: { lines: [{ meter: "input", usd: "2.5", per: 1e6 }] },
    });
    const params = { id: model.id };
    expect(await ok(modelOperations.update, { params, body: { contextWindow: 8_192 } })).toMatchObject({
      contextWindow: 8_192,
    });
    const repriced = await ok(modelOperations.addPrice, {
      params,
      body: { lines: [{ meter: "requests", usd: "0.01", per: 1 }], note: "flat fee" },
    });
    expect(repriced.prices.map(({ lines }) => lines[0]?.meter)).toEqual(["requests", "input"]);
    expect((await ok(modelOperations.get, { params })).currentPrice?.note).toBe("flat fee");
    const found = await ok(modelOperations.list, { query: { search: "acme", pricing: "priced", inUse: "false" } });
    expect(found.items.map(({ providerModel }) => providerModel)).toEqual(["acme-1"]);
    await ok(modelOperations.archive, { params });
    expect((await ok(modelOperations.list, { query: { search: "acme-1" } })).items).toEqual([]);
  });

  it("edits routes, and publishes, compares and rolls back revisions", async () => {
    const routes = (await ok(routeOperations.list)).items;
    const chat = routes.find(({ name }) => name === "demo-chat")!;
    expect(chat.targets.map(({ shareMillionths }) => shareMillionths)).toEqual([700_000, 300_000]);
    const targets = chat.targets.map(({ connectionId, modelId }) => ({ connectionId, modelId, weight: 50 }));
    const created = await ok(routeOperations.create, { body: { name: "extra", targets, fallbackRouteIds: [chat.id] } });
    const body = { routeId: chat.id, route: { name: "demo-chat", targets }, call: { inputTokens: 10 } };
    expect((await ok(whatIfOperations.preview, { body })).firstChoices).toHaveLength(2);
    const before = (await ok(policyRevisionOperations.list)).items[0]!;
    expect(before).toMatchObject({ summary: "Route extra created", isCurrent: true });
    const replaced = await ok(routeOperations.replace, {
      params: { id: created.id },
      body: { name: "extra", targets: targets.map((target, index) => ({ ...target, weight: index })) },
    });
    expect(replaced.targets.map(({ id }) => id)).toEqual(created.targets.map(({ id }) => id));
    const number = before.number + 1;
    const { changes } = await ok(policyRevisionOperations.diff, { params: { number } });
    expect(changes).toContainEqual({
      path: ["routes", "extra", "targets", "simulator / sim-large", "weight"],
      kind: "changed",
      before: "50",
      after: "0",
    });
    await ok(policyRevisionOperations.get, { params: { number } });
    const back = await ok(policyRevisionOperations.rollBack, { params: { number: before.number } });
    expect(back).toMatchObject({ number: number + 1, sha256: before.sha256, isCurrent: true });
    const restored = await ok(routeOperations.get, { params: { id: created.id } });
    expect(restored.targets.map(({ weight }) => weight)).toEqual([50, 50]);
    await ok(routeOperations.remove, { params: { id: created.id } });
  });

  it("offers the price list of this release", async () => {
    expect((await ok(catalogueChangeOperations.list)).items).toEqual([]);
    const body = { models: [{ providerKind: "openai", providerModel: "gpt-4o" }] };
    expect(await ok(catalogueChangeOperations.apply, { body })).toEqual({ added: 0, repriced: 0 });
  });
}
