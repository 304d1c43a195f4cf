/** Who may call what: generated from the contract, so that a new operation is covered on the day it is declared. */
import { adminTokenOperations, memberOperations } from "@switchyard/api-contract/access";
import { allOperations } from "@switchyard/api-contract/catalogue";
import { type Operation, roles } from "@switchyard/api-contract/operation";
import { teamOperations } from "@switchyard/api-contract/teams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ErrorBody, type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;

beforeAll(async () => {
  controlPlane = await startControlPlane();
});

afterAll(() => controlPlane.stop());

/** A path that names nothing, so that what is allowed does no harm. */
function harmlessPath(operation: Operation): string {
  return operation.path
    .replaceAll(":number", "999999")
    .replaceAll(":requestId", "00000000-0000-7000-8000-000000000000")
    .replaceAll(/:\w+/g, "nothing");
}

function sendHarmless(operation: Operation, token: string | null) {
  const hasBody = operation.method !== "GET" && operation.method !== "DELETE";
  return controlPlane.send(operation.method, harmlessPath(operation), { token, ...(hasBody && { body: {} }) });
}

const codeOf = (body: unknown) => (body as ErrorBody).error?.code;

describe("access", () => {
  it.each(allOperations.map((operation) => [operation.id, operation] as const))(
    "%s refuses everybody without credentials",
    async (_id, operation) => {
      const answer = await sendHarmless(operation, null);
      expect([answer.status, codeOf(answer.body)]).toEqual([401, "unauthenticated"]);
    },
  );

  it.each(roles.flatMap((role) => allOperations.map((operation) => [role, operation.id, operation] as const)))(
    "%s may call %s exactly if the contract says so",
    async (role, _id, operation) => {
      const isAllowed =
        operation.access === "public" || operation.access === "member" || operation.access.includes(role);
      const { status } = await sendHarmless(operation, await controlPlane.tokenOf(role));
      expect(status === 403).toBe(!isAllowed);
      expect(status).not.toBe(401);
      expect(status).toBeLessThan(500);
    },
  );

  it.each(
    allOperations
      .filter(({ method }) => method === "POST" || method === "PUT" || method === "PATCH")
      .map((operation) => [operation.id, operation] as const),
  )("%s refuses a field that it does not know", async (_id, operation) => {
    const path = harmlessPath(operation);
    const answer = await controlPlane.send(operation.method, path, { body: { mayBeOwner: true } });
    const problems = (answer.body as ErrorBody).error.problems ?? [];
    expect(answer.status).toBe(400);
    expect(problems.some(({ path: place }) => place === "mayBeOwner" || place === "")).toBe(true);
  });

  it("refuses unknown queries", async () => {
    const answer = await controlPlane.send("GET", "/api/teams?role=owner");
    expect(answer.status).toBe(400);
    expect((answer.body as ErrorBody).error.problems?.[0]?.path).toBe("role");
  });

  it.each(["", "Bearer", "Bearer x", "Basic abc", "Bearer sy-admin-000000000000_wrong"])(
    "refuses the authorization %j",
    async (authorization) => {
      const answer = await controlPlane.send("GET", "/api/session", { token: null, headers: { authorization } });
      expect(answer.status).toBe(401);
    },
  );

  it("refuses a genuine public id with another secret", async () => {
    const { token } = await controlPlane.ok(adminTokenOperations.create, { body: { name: "a", role: "owner" } });
    const other = await controlPlane.ok(adminTokenOperations.create, { body: { name: "b", role: "owner" } });
    const forged = token.slice(0, 21) + other.token.slice(21);
    expect((await controlPlane.send("GET", "/api/session", { token: forged })).status).toBe(401);
  });

  it("refuses a token from the moment it is revoked", async () => {
    const { token, adminToken } = await controlPlane.ok(adminTokenOperations.create, {
      body: { name: "short-lived", role: "viewer" },
    });
    expect((await controlPlane.send("GET", "/api/session", { token })).status).toBe(200);
    await controlPlane.ok(adminTokenOperations.revoke, { params: { id: adminToken.id } });
    expect((await controlPlane.send("GET", "/api/session", { token })).status).toBe(401);
  });

  it("answers unknown paths and methods like everything else", async () => {
    for (const [method, path] of [
      ["GET", "/api/nothing"],
      ["PUT", "/api/teams"],
      ["POST", "/nothing"],
    ] as const) {
      const answer = await controlPlane.send(method, path);
      expect([answer.status, codeOf(answer.body)]).toEqual([404, "not_found"]);
    }
  });
});

describe("sessions", () => {
  const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
    controlPlane.send("POST", "/api/auth/sign-in/email", { token: null, headers, body: { email, password } });

  async function cookieOf(email: string, password: string): Promise<string> {
    const answer = await signIn(email, password, { origin: controlPlane.url });
    expect(answer.status).toBe(204);
    return answer.headers.getSetCookie()[0]!.split(";", 1)[0]!;
  }

  const withCookie = (cookie: string, headers: Record<string, string> = {}) => ({
    token: null,
    headers: { cookie, ...headers },
  });

  it("sets a cookie that no script and no other site gets, and tells scripts nothing", async () => {
    const { adminEmail, adminPassword } = controlPlane.access;
    const answer = await signIn(adminEmail, adminPassword);
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^better-auth\.session_token=/);
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Strict");
    expect(answer.body).toBe("");
  });

  it("answers a wrong password and an unknown email alike", async () => {
    const wrong = await signIn(controlPlane.access.adminEmail, "wrong-password-1");
    const unknown = await signIn("nobody@example.com", "wrong-password-1");
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual(unknown.body);
    expect(codeOf(wrong.body)).toBe("invalid_credentials");
  });

  it("changes things only for the dashboard's own origin", async () => {
    const cookie = await cookieOf(controlPlane.access.adminEmail, controlPlane.access.adminPassword);
    const attempt = (headers: Record<string, string>) =>
      controlPlane.send("POST", "/api/teams", { ...withCookie(cookie, headers), body: { name: "By cookie" } });
    for (const headers of [
      {},
      { origin: "null" },
      { origin: "https://evil.example" },
      { origin: `${controlPlane.url}0` },
    ]) {
      const answer = await attempt(headers);
      expect([answer.status, codeOf(answer.body)]).toEqual([403, "cross_origin"]);
    }
    expect((await attempt({ origin: controlPlane.url })).status).toBe(201);
    const form = await controlPlane.send("POST", "/api/teams", {
      ...withCookie(cookie, { origin: controlPlane.url, "content-type": "text/plain" }),
      body: '{"name":"By form"}',
    });
    expect(form.status).toBe(415);
    expect((await controlPlane.ok(teamOperations.list)).items.map(({ name }) => name)).not.toContain("By form");
  });

  it("refuses to sign anybody in from another site", async () => {
    const { adminEmail, adminPassword } = controlPlane.access;
    const answer = await signIn(adminEmail, adminPassword, { origin: "null" });
    expect([answer.status, codeOf(answer.body)]).toEqual([403, "cross_origin"]);
  });

  it("ends on the server when somebody signs out", async () => {
    const cookie = await cookieOf(controlPlane.access.adminEmail, controlPlane.access.adminPassword);
    expect((await controlPlane.send("GET", "/api/session", withCookie(cookie))).status).toBe(200);
    const origin = { origin: controlPlane.url };
    await controlPlane.send("POST", "/api/auth/sign-out", { ...withCookie(cookie, origin), body: {} });
    expect((await controlPlane.send("GET", "/api/session", withCookie(cookie))).status).toBe(401);
  });

  it("follows a member's role, and ends with the membership", async () => {
    const { member, password } = await controlPlane.ok(memberOperations.add, {
      body: { name: "Grace", email: "grace@example.com", role: "viewer" },
    });
    const cookie = await cookieOf("grace@example.com", password);
    const create = (name: string) =>
      controlPlane.send("POST", "/api/teams", {
        ...withCookie(cookie, { origin: controlPlane.url }),
        body: { name },
      });
    expect((await create("too early")).status).toBe(403);
    const params = { id: member.id };
    await controlPlane.ok(memberOperations.changeRole, { params, body: { role: "admin" } });
    expect((await create("allowed now")).status).toBe(201);
    await controlPlane.ok(memberOperations.remove, { params });
    expect((await controlPlane.send("GET", "/api/session", withCookie(cookie))).status).toBe(401);
    expect((await signIn("grace@example.com", password)).status).toBe(401);
  });

  it("lets a member change the first password", async () => {
    const { password } = await controlPlane.ok(memberOperations.add, {
      body: { name: "Lin", email: "lin@example.com", role: "viewer" },
    });
    const cookie = await cookieOf("lin@example.com", password);
    const answer = await controlPlane.send("POST", "/api/auth/change-password", {
      ...withCookie(cookie, { origin: controlPlane.url }),
      body: { currentPassword: password, newPassword: "a-new-long-password" },
    });
    expect(answer.status).toBe(204);
    expect((await signIn("lin@example.com", password)).status).toBe(401);
    expect((await signIn("lin@example.com", "a-new-long-password")).status).toBe(204);
  });

  it("opens nothing else of the library", async () => {
    for (const path of ["sign-up/email", "get-session", "list-sessions", "update-user", "ok", "reset-password"]) {
      const answer = await controlPlane.send("POST", `/api/auth/${path}`, {
        token: null,
        body: { name: "x", email: "x@example.com", password: "long-enough-password" },
      });
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  it("slows down whoever tries many passwords", async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 25; attempt += 1) {
      statuses.push((await signIn("nobody@example.com", "guess-guess-guess")).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});
