/** Members, their tokens and views, and what the system says of itself. */
import { adminTokenOperations, auditLogOperations, memberOperations } from "@switchyard/api-contract/access";
import { routeOutcomeOperations } from "@switchyard/api-contract/route-outcomes";
import { routeOperations } from "@switchyard/api-contract/routes";
import { healthMapOperations } from "@switchyard/api-contract/health-map";
import { savedViewOperations } from "@switchyard/api-contract/saved-views";
import { alertOperations, systemOperations } from "@switchyard/api-contract/system";
import { expect, it } from "vitest";
import type { Walk } from "./walk.ts";

export function walkPeople(walk: Walk): void {
  const { ok } = walk;
  it("manages members, tokens and alerts, and remembers who did what", async () => {
    expect(await ok(memberOperations.session)).toMatchObject({ role: "owner", organisationName: "My organisation" });
    const { member, password } = await ok(memberOperations.add, {
      body: { name: "Ada", email: "Ada@Example.com", role: "viewer" },
    });
    expect(member).toMatchObject({ email: "ada@example.com", isYou: false });
    expect(password.length).toBeGreaterThan(20);
    const params = { id: member.id };
    expect((await ok(memberOperations.changeRole, { params, body: { role: "finance" } })).role).toBe("finance");
    expect((await ok(memberOperations.list)).items).toHaveLength(2);
    await ok(memberOperations.remove, { params });
    const { adminToken } = await ok(adminTokenOperations.create, { body: { name: "CI", role: "viewer" } });
    expect((await ok(adminTokenOperations.list)).items[0]?.id).toBe(adminToken.id);
    await ok(adminTokenOperations.revoke, { params: { id: adminToken.id } });
    const { webhook } = await ok(alertOperations.addWebhook, { body: { url: "https://hooks.example.com/x" } });
    expect((await ok(alertOperations.webhooks)).items).toHaveLength(1);
    await ok(alertOperations.removeWebhook, { params: { id: webhook.id } });
    expect((await ok(alertOperations.list)).items).toEqual([]);
    expect((await ok(healthMapOperations.get)).targets).toEqual([]);
    const lastHour = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
    const [known] = (await ok(routeOperations.list)).items;
    const outcomes = await ok(routeOutcomeOperations.get, { params: { id: known?.id ?? "" }, query: lastHour });
    expect(outcomes.targets).toEqual([]);
    expect((await ok(systemOperations.get)).queues.map(({ queue }) => queue)).toContain("usage");
    const { items } = await ok(auditLogOperations.list, { query: { resourceType: "member" } });
    expect(items.map(({ action }) => action)).toEqual(["member.removed", "member.role_changed", "member.added"]);
  });

  it("keeps views for whoever saved them, and for everybody where they are shared", async () => {
    const page = "cost" as const;
    const own = await ok(savedViewOperations.save, {
      body: { page, name: "By model", query: "by=model&period=last-month" },
    });
    expect(own).toMatchObject({ isShared: false, isYours: true, isDefault: false });
    const shared = await ok(savedViewOperations.save, {
      body: { page, name: "All", query: "by=team", isShared: true },
    });
    await ok(savedViewOperations.setDefault, { body: { page, viewId: shared.id } });
    const listed = async (token?: string) =>
      (await walk.controlPlane.ok(savedViewOperations.list, { query: { page } }, token)).items.map(
        ({ name, isYours, isDefault }) => `${name}${isYours ? ", mine" : ""}${isDefault ? ", first" : ""}`,
      );
    await ok(savedViewOperations.list, { query: { page } });
    expect(await listed()).toEqual(["All, mine, first", "By model, mine"]);
    const { token } = await ok(adminTokenOperations.create, { body: { name: "reader", role: "viewer" } });
    expect(await listed(token)).toEqual(["All"]);
    const theirs = { params: { id: shared.id }, body: { name: "Mine now" } };
    expect((await walk.controlPlane.fails(savedViewOperations.change, theirs, token)).status).toBe(404);
    const unseen = { body: { page, viewId: own.id } };
    expect((await walk.controlPlane.fails(savedViewOperations.setDefault, unseen, token)).status).toBe(404);
    const params = { id: own.id };
    const changed = await ok(savedViewOperations.change, { params, body: { name: "Models", isShared: true } });
    expect(changed).toMatchObject({ name: "Models", query: "by=model&period=last-month", isShared: true });
    expect(await listed(token)).toEqual(["All", "Models"]);
    await ok(savedViewOperations.remove, { params });
    expect(await listed()).toEqual(["All, mine, first"]);
    expect((await walk.controlPlane.fails(savedViewOperations.remove, { params })).status).toBe(404);
    await ok(savedViewOperations.restore, { params });
    await ok(savedViewOperations.setDefault, { body: { page, viewId: null } });
    expect(await listed()).toEqual(["All, mine", "Models, mine"]);
    const odd = { body: { page, name: "Odd", query: "by=team\r\nset-cookie: a" } };
    expect((await walk.controlPlane.fails(savedViewOperations.save, odd)).status).toBe(400);
  });
}
