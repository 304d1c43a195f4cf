/** Secrets stay with the origin they were given for, and the test call reaches no address that it must not. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { policyRevisionOperations } from "@switchyard/api-contract/policy-revisions";
import { openCredential } from "@switchyard/secrets/sealed-credential";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;
let closed: RunningControlPlane;
const servers: Server[] = [];

beforeAll(async () => {
  controlPlane = await startControlPlane();
  closed = await startControlPlane({ environment: { SWITCHYARD_LOCAL: "0" } });
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

afterAll(async () => {
  await controlPlane.stop();
  await closed.stop();
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let counter = 0;
function connect(plane: RunningControlPlane, baseUrl: string, credential?: string) {
  counter += 1;
  return plane.ok(providerConnectionOperations.create, {
    body: { name: `connection ${counter}`, kind: "openai-compatible", baseUrl, ...(credential && { credential }) },
  });
}

const testOf = (plane: RunningControlPlane, id: string) =>
  plane.ok(providerConnectionOperations.test, { params: { id } });

describe("credentials", () => {
  it("are sealed to their connection and origin, and shown by their last characters only", async () => {
    const { id, credentials } = await connect(controlPlane, "https://one.example/v1", "secret-credential-12345");
    expect(credentials).toMatchObject([{ hint: "2345", state: "active" }]);
    const { rows } = await controlPlane.pool.query<{ id: string; sealed: string; organisation: string }>(
      "SELECT credential.id, sealed, organisation.id AS organisation FROM credential, organisation WHERE connection_id = $1",
      [id],
    );
    const { id: credentialId, sealed, organisation: organisationId } = rows[0]!;
    const context = { organisationId, connectionId: id, credentialId, origin: "https://one.example" };
    expect(openCredential(controlPlane.env.keyring, sealed, context)).toBe("secret-credential-12345");
    expect(() =>
      openCredential(controlPlane.env.keyring, sealed, { ...context, origin: "https://two.example" }),
    ).toThrow("not-authentic");
  });

  it("do not move to another origin", async () => {
    const { id } = await connect(controlPlane, "https://one.example/v1", "secret-credential-12345");
    const params = { id };
    const refused = await controlPlane.fails(providerConnectionOperations.update, {
      params,
      body: { baseUrl: "https://evil.example/v1" },
    });
    expect([refused.status, refused.body.error.code]).toEqual([422, "credential_required"]);
    expect((await controlPlane.ok(providerConnectionOperations.get, { params })).baseUrl).toBe(
      "https://one.example/v1",
    );

    const moved = await controlPlane.ok(providerConnectionOperations.update, {
      params,
      body: { baseUrl: "https://two.example/v1", credential: "another-secret-0123456789" },
    });
    expect(moved.credentials.map(({ state }) => state)).toEqual(["active", "void"]);
  });

  it("stay when only the path changes, or when there is none", async () => {
    const { id } = await connect(controlPlane, "https://one.example/v1", "secret-credential-12345");
    const moved = await controlPlane.ok(providerConnectionOperations.update, {
      params: { id },
      body: { baseUrl: "https://one.example/v2" },
    });
    expect(moved).toMatchObject({ baseUrl: "https://one.example/v2", credentials: [{ state: "active" }] });
    const open = await connect(controlPlane, "https://open.example/v1");
    const elsewhere = await controlPlane.ok(providerConnectionOperations.update, {
      params: { id: open.id },
      body: { baseUrl: "https://elsewhere.example/v1" },
    });
    expect(elsewhere.baseUrl).toBe("https://elsewhere.example/v1");
  });

  it("are destroyed with their connection, whose name is free again", async () => {
    const { id, name } = await connect(controlPlane, "https://one.example/v1", "secret-credential-12345");
    await controlPlane.ok(providerConnectionOperations.archive, { params: { id } });
    const { rows } = await controlPlane.pool.query("SELECT FROM credential WHERE connection_id = $1", [id]);
    expect(rows).toEqual([]);
    const body = { name, kind: "openai-compatible", baseUrl: "https://one.example/v1" };
    await controlPlane.ok(providerConnectionOperations.create, { body });
  });

  it.each(["https://user:pass@one.example/v1", "https://one.example/v1?key=1", "https://one.example/v1#x"])(
    "are not hidden in the base URL %s",
    async (baseUrl) => {
      const body = { name: "hidden", kind: "openai-compatible", baseUrl };
      const answer = await controlPlane.fails(providerConnectionOperations.create, { body });
      expect([answer.status, answer.body.error.problems?.[0]?.path]).toEqual([400, "baseUrl"]);
    },
  );

  it("need a kind that this build speaks", async () => {
    const body = { name: "x", kind: "carrier-pigeon", baseUrl: "https://one.example" };
    const answer = await controlPlane.fails(providerConnectionOperations.create, { body });
    expect([answer.status, answer.body.error.code]).toEqual([422, "unknown_provider_kind"]);
  });
});

describe("the drain switch", () => {
  it("is published, stands in the policy diff and the audit log, and is taken back the same way", async () => {
    const { id, name, drained } = await connect(controlPlane, "https://one.example/v1");
    expect(drained).toBe(false);
    const turn = (to: boolean) =>
      controlPlane.ok(providerConnectionOperations.update, { params: { id }, body: { drained: to } });
    expect((await turn(true)).drained).toBe(true);
    const [newest] = (await controlPlane.ok(policyRevisionOperations.list)).items;
    expect(newest?.summary).toBe(`Connection ${name} drained`);
    const { changes } = await controlPlane.ok(policyRevisionOperations.diff, {
      params: { number: newest!.number },
    });
    expect(changes).toEqual([{ path: ["connections", name, "drained"], kind: "changed", before: "no", after: "yes" }]);
    const { rows } = await controlPlane.pool.query<{ content: string }>(
      "SELECT content FROM policy_revision WHERE number = $1",
      [newest!.number],
    );
    const content = JSON.parse(rows[0]!.content) as { connections: { connectionId: string; drained?: boolean }[] };
    expect(content.connections.find(({ connectionId }) => connectionId === id)?.drained).toBe(true);
    const audit = await controlPlane.pool.query(
      "SELECT before ->> 'drained' AS before, after ->> 'drained' AS after FROM audit_entry WHERE resource_id = $1 ORDER BY id DESC LIMIT 1",
      [id],
    );
    expect(audit.rows).toEqual([{ before: "false", after: "true" }]);
    expect((await turn(false)).drained).toBe(false);
  });

  it("takes nothing but yes and no", async () => {
    const { id } = await connect(controlPlane, "https://one.example/v1");
    const body = { drained: "soon" } as unknown as { drained: boolean };
    const answer = await controlPlane.fails(providerConnectionOperations.update, { params: { id }, body });
    expect([answer.status, answer.body.error.problems?.[0]?.path]).toEqual([400, "drained"]);
  });
});

describe("a connection test", () => {
  it("sends the stored credential and lists the models", async () => {
    const seen: (string | undefined)[] = [];
    const url = await listen((request, response) => {
      seen.push(request.url, request.headers.authorization);
      response.end(JSON.stringify({ data: [{ id: "m1" }] }));
    });
    const { id } = await connect(controlPlane, `${url}/v1`, "secret-credential-12345");
    expect(await testOf(controlPlane, id)).toMatchObject({ ok: true, status: 200, models: ["m1"] });
    expect(seen).toEqual(["/v1/models", "Bearer secret-credential-12345"]);
  });

  it("tells a rejected credential from other trouble, and repeats nothing of what came back", async () => {
    const url = await listen((request, response) => {
      response.statusCode = request.url?.startsWith("/denied") ? 401 : 200;
      response.end("<html>secret-credential-12345</html>");
    });
    const denied = await connect(controlPlane, `${url}/denied`, "secret-credential-12345");
    const confused = await connect(controlPlane, `${url}/confused`);
    const rejected = await testOf(controlPlane, denied.id);
    expect(rejected).toMatchObject({ ok: false, outcome: "credential_rejected", status: 401 });
    expect(JSON.stringify(rejected)).not.toContain("secret-credential-12345");
    expect(await testOf(controlPlane, confused.id)).toMatchObject({ ok: false, outcome: "unexpected_answer" });
  });

  it("follows no redirect", async () => {
    let hits = 0;
    const target = await listen((_request, response) => {
      hits += 1;
      response.end(JSON.stringify({ data: [] }));
    });
    const url = await listen((_request, response) => {
      response.writeHead(302, { location: `${target}/v1/models` });
      response.end();
    });
    const { id } = await connect(controlPlane, url);
    expect(await testOf(controlPlane, id)).toMatchObject({ ok: false, outcome: "unexpected_answer", status: 302 });
    expect(hits).toBe(0);
  });

  it("reads no endless answer", async () => {
    const url = await listen((_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, " ");
      const push = () => {
        while (!response.destroyed && response.write(chunk)) continue;
      };
      response.on("drain", push);
      push();
    });
    const { id } = await connect(controlPlane, url);
    expect(await testOf(controlPlane, id)).toMatchObject({ ok: false, outcome: "unexpected_answer" });
  });

  it("says when nobody listens", async () => {
    const url = await listen(() => undefined);
    for (const server of servers.splice(0)) server.close();
    const { id } = await connect(controlPlane, url);
    expect(await testOf(controlPlane, id)).toMatchObject({ ok: false, outcome: "connect_failed", status: null });
  });

  it.each(["127.0.0.1", "localhost", "127.1", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"])(
    "reaches no private address outside local mode: %s",
    async (host) => {
      let hits = 0;
      const { port } = new URL(
        await listen((_request, response) => {
          hits += 1;
          response.end("{}");
        }),
      );
      const { id } = await connect(closed, `http://${host}:${port}/v1`);
      expect(await testOf(closed, id)).toMatchObject({ ok: false, outcome: "blocked_address" });
      expect(hits).toBe(0);
    },
  );
});

describe("quirks", () => {
  const quirks = { developerRole: false, parameters: { seed: "drop", user: { rename: "end_user" } } } as const;

  async function publishedQuirks(id: string): Promise<unknown> {
    const { rows } = await controlPlane.pool.query<{ content: string }>(
      "SELECT content FROM policy_revision ORDER BY number DESC LIMIT 1",
    );
    const { connections } = JSON.parse(rows[0]!.content) as { connections: Record<string, unknown>[] };
    const found = connections.find(({ connectionId }) => connectionId === id)!;
    return "quirks" in found ? found["quirks"] : "left out";
  }

  it("are kept, published, logged, and left out again once nothing is said", async () => {
    const { id } = await connect(controlPlane, "https://quirky.example/v1");
    const params = { id };
    expect(await publishedQuirks(id)).toBe("left out");
    const changed = await controlPlane.ok(providerConnectionOperations.update, { params, body: { quirks } });
    expect(changed.quirks).toEqual(quirks);
    expect(await publishedQuirks(id)).toEqual(quirks);
    const { rows } = await controlPlane.pool.query<{ before: object; after: object }>(
      "SELECT before, after FROM audit_entry WHERE resource_id = $1 AND action = 'provider_connection.changed'",
      [id],
    );
    expect(rows).toMatchObject([{ before: { quirks: null }, after: { quirks } }]);

    await controlPlane.ok(providerConnectionOperations.update, { params, body: { enabled: false } });
    expect(await publishedQuirks(id)).toEqual(quirks);
    const emptied = await controlPlane.ok(providerConnectionOperations.update, {
      params,
      body: { quirks: { parameters: {} } },
    });
    expect(emptied.quirks).toBeNull();
    expect(await publishedQuirks(id)).toBe("left out");
  });

  it.each([
    [{ parameters: { max_tokens: "drop" } }, "quirks.parameters.max_tokens"],
    [{ parameters: { seed: "forget" } }, "quirks.parameters.seed"],
    [{ parameters: { user: { rename: "service_tier" } } }, "quirks.parameters.user"],
    [{ parameters: { "Not a name": "drop" } }, "quirks.parameters.Not a name"],
    [{ outputCapField: "max_output_tokens" }, "quirks.outputCapField"],
    [{ usage: { reasoningIsOutside: true } }, "quirks"],
  ])("%j is refused at %s", async (bad, path) => {
    const body = { name: "never", kind: "openai-compatible", baseUrl: "https://bad.example/v1", quirks: bad } as object;
    const answer = await controlPlane.fails(providerConnectionOperations.create, { body: body as never });
    expect(answer.status).toBe(400);
    expect(answer.body.error.problems?.[0]?.path.startsWith(path)).toBe(true);
  });

  it("are refused for a kind that does not speak OpenAI's protocol, where they are", async () => {
    const body = { name: "claude", kind: "anthropic", quirks, credential: "secret-credential-12345" };
    const answer = await controlPlane.fails(providerConnectionOperations.create, { body });
    expect([answer.body.error.code, answer.body.error.problems]).toMatchObject([
      "invalid_policy",
      [{ path: "quirks", code: "quirks_not_taken" }],
    ]);
  });

  it("are told with what each kind does without them", async () => {
    const { items } = await controlPlane.ok(providerConnectionOperations.kinds, {});
    const defaultsOf = (kind: string) => items.find((item) => item.kind === kind)?.quirkDefaults;
    expect(defaultsOf("mistral")).toMatchObject({
      outputCapField: "max_tokens",
      streamOptions: false,
      parameters: { seed: { rename: "random_seed" } },
    });
    expect(defaultsOf("anthropic")).toBeNull();
  });
});
