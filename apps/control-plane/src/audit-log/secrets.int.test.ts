/** What is a secret when it comes in or goes out is nowhere to be read afterwards: not in a table, not in the log. */
import { adminTokenOperations, auditLogOperations, memberOperations } from "@switchyard/api-contract/access";
import { projectOperations } from "@switchyard/api-contract/projects";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { alertOperations } from "@switchyard/api-contract/system";
import { virtualKeyOperations } from "@switchyard/api-contract/virtual-keys";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;

beforeAll(async () => {
  controlPlane = await startControlPlane();
});

afterAll(() => controlPlane.stop());

async function dumpEverything(): Promise<string> {
  const { rows: tables } = await controlPlane.pool.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema IN ('public', 'bullmq') AND table_type = 'BASE TABLE'`,
  );
  const dumps = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await controlPlane.pool.query<{ text: string }>(`SELECT row::text AS text FROM ${name} AS row`);
      return rows.map(({ text }) => text).join("\n");
    }),
  );
  return dumps.join("\n");
}

describe("secrets", () => {
  it("are in no table and no log line", async () => {
    const { access, url } = controlPlane;
    const credentials = ["provider-canary-0123456789", "provider-canary-9876543210", "provider-canary-5555555555"];
    const [project] = (await controlPlane.ok(projectOperations.list)).items;
    const key = await controlPlane.ok(virtualKeyOperations.issue, { body: { projectId: project!.id, name: "Canary" } });
    const rotated = await controlPlane.ok(virtualKeyOperations.rotate, { params: { id: key.virtualKey.id }, body: {} });
    const connection = await controlPlane.ok(providerConnectionOperations.create, {
      body: {
        name: "canary",
        kind: "openai-compatible",
        baseUrl: "http://127.0.0.1:1/v1",
        credential: credentials[0]!,
      },
    });
    const params = { id: connection.id };
    await controlPlane.ok(providerConnectionOperations.addCredential, {
      params,
      body: { credential: credentials[1]! },
    });
    await controlPlane.ok(providerConnectionOperations.update, {
      params,
      body: { baseUrl: "http://127.0.0.1:2/v1", credential: credentials[2]! },
    });
    await controlPlane.ok(providerConnectionOperations.test, { params });
    const token = await controlPlane.ok(adminTokenOperations.create, { body: { name: "canary", role: "viewer" } });
    const member = await controlPlane.ok(memberOperations.add, {
      body: { name: "Canary", email: "canary@example.com", role: "viewer" },
    });
    const webhookPath = "/hooks/canary-path-0123456789";
    const webhook = await controlPlane.ok(alertOperations.addWebhook, {
      body: { url: `https://hooks.example${webhookPath}` },
    });
    const signedIn = await controlPlane.send("POST", "/api/auth/sign-in/email", {
      token: null,
      headers: { origin: url },
      body: { email: "canary@example.com", password: member.password },
    });
    expect(signedIn.status).toBe(204);
    await controlPlane.send("POST", "/api/auth/sign-in/email", {
      token: null,
      body: { email: "canary@example.com", password: "wrong-canary-password" },
    });
    // A body that is refused must not be quoted either.
    await controlPlane.send("POST", "/api/provider-connections", {
      body: {
        name: "refused",
        kind: "nothing",
        credential: "refused-canary-0123456789",
        surprise: "surprise-canary-01234",
      },
    });

    const secrets = [
      ...credentials,
      key.token,
      rotated.token,
      token.token,
      member.password,
      webhook.signingSecret,
      access.adminToken,
      access.adminPassword,
      access.virtualKey,
      "wrong-canary-password",
      "refused-canary-0123456789",
      "surprise-canary-01234",
    ].flatMap((secret) => [
      secret,
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      Buffer.from(secret).toString("hex"),
    ]);
    const tables = await dumpEverything();
    const log = controlPlane.log.join("\n");
    expect(tables).toContain("canary@example.com");
    expect(log).toContain("/api/provider-connections");
    expect(secrets.filter((secret) => tables.includes(secret))).toEqual([]);
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);

    const { items } = await controlPlane.ok(auditLogOperations.list, { query: { limit: 200 } });
    const audit = JSON.stringify(items);
    expect(audit).toContain("alert_webhook.added");
    expect(audit).not.toContain(webhookPath);
    expect(audit).not.toMatch(/"(digest|sealed|sealedSecret|password|token|credential)":/);
  });
});

describe("the audit log", () => {
  it("says who changed what from what to what, and with which revision", async () => {
    const viewer = await controlPlane.tokenOf("admin");
    const [project] = (await controlPlane.ok(projectOperations.list)).items;
    await controlPlane.ok(projectOperations.update, { params: { id: project!.id }, body: { name: "Renamed" } }, viewer);
    const query = { resourceType: "project", resourceId: project!.id, actor: "TEST ADMIN" };
    const { items } = await controlPlane.ok(auditLogOperations.list, { query });
    expect(items).toMatchObject([
      {
        actorType: "admin_token",
        actorName: "test admin",
        action: "project.renamed",
        before: { name: "Default project" },
        after: { name: "Renamed" },
      },
    ]);
    expect(items[0]?.policyRevision).toBeGreaterThan(1);
    const none = await controlPlane.ok(auditLogOperations.list, { query: { ...query, to: "2020-01-01T00:00:00Z" } });
    expect(none.items).toEqual([]);
  });

  it("cannot be rewritten", async () => {
    await expect(controlPlane.pool.query("UPDATE audit_entry SET actor_name = 'nobody'")).rejects.toThrow(
      "written once",
    );
    await expect(controlPlane.pool.query("DELETE FROM audit_entry")).rejects.toThrow("written once");
  });

  it("pages without gaps or repeats", async () => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await controlPlane.ok(auditLogOperations.list, {
        query: { limit: 3, ...(cursor !== undefined && { cursor }) },
      });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const { rows } = await controlPlane.pool.query<{ id: string }>(
      "SELECT id FROM audit_entry ORDER BY at DESC, id DESC",
    );
    expect(ids).toEqual(rows.map(({ id }) => id));
  });
});

describe("members", () => {
  const ownerIds = async () =>
    (await controlPlane.ok(memberOperations.list)).items.filter(({ role }) => role === "owner").map(({ id }) => id);

  it("always have an owner among them", async () => {
    const [id] = await ownerIds();
    for (const answer of [
      await controlPlane.fails(memberOperations.changeRole, { params: { id: id! }, body: { role: "viewer" } }),
      await controlPlane.fails(memberOperations.remove, { params: { id: id! } }),
    ]) {
      expect([answer.status, answer.body.error.code]).toEqual([409, "last_owner"]);
    }
  });

  it("keep one even when two owners leave at once", async () => {
    await controlPlane.ok(memberOperations.add, {
      body: { name: "Second", email: "second@example.com", role: "owner" },
    });
    const ids = await ownerIds();
    expect(ids).toHaveLength(2);
    const answers = await Promise.all(
      ids.map((id) => controlPlane.send("PATCH", `/api/members/${id}`, { body: { role: "viewer" } })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await ownerIds()).toHaveLength(1);
  });

  it("have one email each", async () => {
    const body = { name: "Again", email: "SECOND@example.com", role: "viewer" };
    const answer = await controlPlane.fails(memberOperations.add, { body });
    expect([answer.status, answer.body.error.code]).toEqual([409, "email_taken"]);
  });
});
