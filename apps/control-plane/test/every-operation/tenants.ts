/** Teams, projects and their keys. */
import { auditLogOperations } from "@switchyard/api-contract/access";
import { projectOperations } from "@switchyard/api-contract/projects";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { teamOperations } from "@switchyard/api-contract/teams";
import { virtualKeyOperations } from "@switchyard/api-contract/virtual-keys";
import { expect, it } from "vitest";
import type { Walk } from "./walk.ts";

export function walkTenants(walk: Walk): void {
  const { ok } = walk;
  it("manages teams and projects", async () => {
    const team = await ok(teamOperations.create, { body: { name: "Search" } });
    expect(team).toMatchObject({ name: "Search", projectCount: 0, spendThisMonthUsd: "0", archivedAt: null });
    await ok(teamOperations.update, { params: { id: team.id }, body: { name: "Discovery" } });
    const project = await ok(projectOperations.create, { body: { teamId: team.id, name: "Ranking" } });
    expect(project).toMatchObject({ teamName: "Discovery", name: "Ranking", keyCount: 0 });
    await ok(projectOperations.update, { params: { id: project.id }, body: { name: "Re-ranking" } });
    expect((await ok(projectOperations.get, { params: { id: project.id } })).name).toBe("Re-ranking");
    expect((await ok(projectOperations.list, { query: { teamId: team.id } })).items).toHaveLength(1);
    expect((await ok(teamOperations.get, { params: { id: team.id } })).projectCount).toBe(1);
    await ok(projectOperations.archive, { params: { id: project.id } });
    await ok(teamOperations.archive, { params: { id: team.id } });
    const names = (await ok(teamOperations.list)).items.map(({ name }) => name);
    expect(names).toEqual(["Default team"]);
    expect((await ok(teamOperations.list, { query: { includeArchived: "true" } })).items).toHaveLength(2);
  });

  it("issues, changes, rotates and revokes virtual keys", async () => {
    const [project] = (await ok(projectOperations.list)).items;
    const { virtualKey, token } = await ok(virtualKeyOperations.issue, {
      body: { projectId: project!.id, name: "Crawler" },
    });
    expect(token).toMatch(/^sk-sy-/);
    expect(virtualKey).toMatchObject({ state: "active", name: "Crawler", allowedRouteIds: null });
    expect(token.endsWith(virtualKey.hint.slice(-4))).toBe(true);
    const params = { id: virtualKey.id };
    const expiresAt = "2040-01-01T00:00:00.000Z";
    expect(await ok(virtualKeyOperations.update, { params, body: { expiresAt } })).toMatchObject({ expiresAt });
    const connection = (await ok(providerConnectionOperations.list)).items[0]!;
    const passthrough = { passthroughConnectionIds: [connection.id] };
    const early = { params, body: passthrough };
    expect((await walk.controlPlane.fails(virtualKeyOperations.update, early)).body.error).toMatchObject({
      code: "invalid_policy",
      problems: [{ path: "passthroughConnectionIds[0]", code: "not_allowed_by_project" }],
    });
    const ofProject = { params: { id: project!.id }, body: passthrough };
    expect(await ok(projectOperations.update, ofProject)).toMatchObject(passthrough);
    const [change] = (await ok(auditLogOperations.list)).items;
    expect(change).toMatchObject({ action: "project.passthrough_changed", after: passthrough });
    expect(await ok(virtualKeyOperations.update, { params, body: passthrough })).toMatchObject(passthrough);
    const unknown = { params, body: { passthroughConnectionIds: ["gone"] } };
    expect((await walk.controlPlane.fails(virtualKeyOperations.update, unknown)).body.error).toMatchObject({
      code: "invalid_policy",
      problems: [{ path: "passthroughConnectionIds[0]", code: "unknown_connection" }],
    });
    const successor = await ok(virtualKeyOperations.rotate, { params, body: { overlapSeconds: 60 } });
    expect(successor.virtualKey).toMatchObject({
      rotatedFromId: virtualKey.id,
      state: "active",
      expiresAt,
      ...passthrough,
    });
    expect((await ok(virtualKeyOperations.get, { params })).state).toBe("rotating");
    expect((await ok(virtualKeyOperations.revoke, { params })).state).toBe("revoked");
    const listed = await ok(virtualKeyOperations.list, { query: { state: "revoked", search: "crawl" } });
    expect(listed.items.map(({ id }) => id)).toEqual([virtualKey.id]);
  });
}
