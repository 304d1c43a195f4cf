/** A check of what the gateway changes of calls. */
import { fidelityOperations } from "@switchyard/api-contract/fidelity";
import { modelOperations } from "@switchyard/api-contract/models";
import { projectOperations } from "@switchyard/api-contract/projects";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { routeOperations } from "@switchyard/api-contract/routes";
import { virtualKeyOperations } from "@switchyard/api-contract/virtual-keys";
import { expect, it, vi } from "vitest";
import type { Walk } from "./walk.ts";

export function walkFidelity(walk: Walk): void {
  const { ok } = walk;
  it("checks fidelity by way of a route with one target, and takes the key back", async () => {
    const credential = "provider-secret-0123456789";
    const connection = await ok(providerConnectionOperations.create, {
      body: { name: "exact", kind: "openai-compatible", baseUrl: walk.providerUrl, credential },
    });
    const model = await ok(modelOperations.create, {
      body: { providerKind: "openai-compatible", providerModel: "exact-1" },
    });
    const targets = [{ connectionId: connection.id, modelId: model.id, weight: 1 }];
    const route = await ok(routeOperations.create, { body: { name: "exact-1", targets } });
    const project = (await ok(projectOperations.list)).items[0]!;
    const run = await ok(fidelityOperations.start, { body: { routeId: route.id, projectId: project.id } });
    expect(run).toMatchObject({ state: "running", model: "exact-1", protocol: "openai-chat", connectionName: "exact" });
    const params = { id: run.id };
    await vi.waitFor(async () => expect((await ok(fidelityOperations.get, { params })).state).toBe("done"), {
      timeout: 30_000,
      interval: 50,
    });
    const done = (await ok(fidelityOperations.list)).items[0]!;
    expect(done).toMatchObject({ id: run.id, verdict: "equivalent", message: null });
    expect(done.cases).toHaveLength(done.caseCount);
    expect(done.cases.find(({ name }) => name === "streamed")).toMatchObject({
      request: { verdict: "equivalent", differences: [{ pointer: "/stream_options" }] },
      passage: { verdict: "unobserved" },
      answer: { verdict: "identical" },
    });
    await vi.waitFor(async () => {
      const { items } = await ok(virtualKeyOperations.list, { query: { search: "Fidelity check" } });
      expect(items.map(({ state, allowedRouteIds }) => ({ state, allowedRouteIds }))).toEqual([
        { state: "revoked", allowedRouteIds: [route.id] },
      ]);
    });
    const many = (await ok(routeOperations.list)).items.find(({ targets: { length } }) => length > 1)!;
    const refused = await walk.controlPlane.fails(fidelityOperations.start, {
      body: { routeId: many.id, projectId: project.id },
    });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: "fidelity_not_checkable" } } });
  });
}
