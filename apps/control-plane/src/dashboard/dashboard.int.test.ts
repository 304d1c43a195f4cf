/** The dashboard's files and the surroundings of the API, as a browser and an orchestrator meet them. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allOperations } from "@switchyard/api-contract/catalogue";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let folder: string;
let controlPlane: RunningControlPlane;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-dashboard-"));
  await mkdir(join(folder, "_next/static/chunks"), { recursive: true });
  await writeFile(
    join(folder, "index.html"),
    "<html><script>first()</script><script src='/_next/x.js'></script></html>",
  );
  await writeFile(join(folder, "routes.html"), "<html><script>second()</script></html>");
  await writeFile(join(folder, "404.html"), "<html>nothing here</html>");
  await writeFile(join(folder, "_next/static/chunks/abc123.js"), "third()");
  await writeFile(join(folder, "..secret.txt"), "a file like any other");
  controlPlane = await startControlPlane({ environment: { DASHBOARD_DIR: folder } });
});

afterAll(async () => {
  await controlPlane.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => controlPlane.send("GET", path, { token: null });

describe("the dashboard", () => {
  it("has clean addresses, and lets each page run its own inline scripts only", async () => {
    const index = await get("/");
    const routes = await get("/routes?tab=2");
    expect([index.status, routes.status]).toEqual([200, 200]);
    expect(routes.body).toContain("second()");
    // printf 'first()' | openssl dgst -sha256 -binary | openssl base64
    const policies = [index, routes].map(({ headers }) => headers.get("content-security-policy")!);
    const scripts = policies.map((policy) => /script-src ([^;]*)/.exec(policy)?.[1]);
    expect(scripts).toEqual([
      "'self' 'sha256-fDYmfWjvur9AxjhDbjHe6RvExc05MbXhhrbgz2vvy/A='",
      "'self' 'sha256-VRcK3v7WYQJL3yHheBe4dsvLYjAYwFTyoPi2odncRio='",
    ]);
    for (const policy of policies) {
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    }
    expect(index.headers.get("cache-control")).toBe("no-cache");
  });

  it("may be kept for ever where the name holds a hash", async () => {
    const { headers, body } = await get("/_next/static/chunks/abc123.js");
    expect([headers.get("cache-control"), body]).toEqual(["public, max-age=31536000, immutable", "third()"]);
  });

  it("answers its own page for what is not there", async () => {
    const answer = await get("/nothing/here");
    expect([answer.status, answer.body]).toEqual([404, "<html>nothing here</html>"]);
    expect((await get("/routes/")).headers.get("location")).toBe("/routes");
  });

  it.each([
    "/../package.json",
    "/..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/_next/static/../../../etc/passwd",
  ])("leads nowhere else: %s", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe("every answer", () => {
  it.each(["/", "/nothing", "/api/teams", "/api/nothing", "/livez", "/api/openapi.json"])(
    "%s carries the security headers",
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("cache-control")).toBe(["/", "/nothing"].includes(path) ? "no-cache" : "no-store");
    },
  );
});

describe("bad input", () => {
  const post = (body: string, contentType = "application/json") =>
    controlPlane.send("POST", "/api/teams", { body, headers: { "content-type": contentType } });

  it.each([
    ["a broken body", '{"name":', 400, "malformed_json"],
    ["a body that sets a prototype", '{"name":"x","__proto__":{"role":"owner"}}', 400, "malformed_json"],
    ["a deep body", `${"[".repeat(200_000)}`, 400, "malformed_json"],
    ["a large body", `{"name":"${"x".repeat(3 * 1024 * 1024)}"}`, 413, "body_too_large"],
    ["a list instead of an object", "[]", 400, "validation_failed"],
    ["a number instead of a name", '{"name":7}', 400, "validation_failed"],
  ])("%s gets its code, and the process stays up", async (_what, body, status, code) => {
    const answer = await post(body);
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([status, code]);
    expect((await get("/livez")).status).toBe(200);
  });

  it("another type than JSON is not read", async () => {
    const answer = await post("name=x", "application/x-www-form-urlencoded");
    expect(answer.status).toBe(415);
  });

  it("a broken address gets its code", async () => {
    const answer = await get("/api/teams/%ZZ");
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([
      400,
      "malformed_request",
    ]);
  });
});

describe("surroundings", () => {
  it("describe the API in a valid document that leaves no operation out", async () => {
    const { body } = await get("/api/openapi.json");
    const validation = await new Validator().validate(body as Parameters<Validator["validate"]>[0]);
    expect(validation.errors ?? []).toEqual([]);
    expect(validation.valid).toBe(true);
    const { paths } = body as { paths: Record<string, Record<string, { operationId: string }>> };
    const described = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(described.toSorted()).toEqual(allOperations.map(({ id }) => id).toSorted());
  });

  it("say that the process lives, is ready, and how it does", async () => {
    expect((await get("/livez")).body).toEqual({ status: "ok" });
    expect((await get("/readyz")).body).toEqual({ status: "ok" });
    await controlPlane.send("GET", "/api/teams");
    const { headers, body } = await get("/metrics");
    expect(headers.get("content-type")).toContain("text/plain");
    expect(body).toMatch(/switchyard_admin_requests_total\{method="GET",path="\/api\/teams",status="200"\} \d+/);
  });

  it("are not ready while a migration is missing", async () => {
    const rename = (from: string, to: string) =>
      controlPlane.pool.query("UPDATE _prisma_migrations SET migration_name = $2 WHERE migration_name = $1", [
        from,
        to,
      ]);
    const name = "20261121000200_rules";
    await rename(name, "something_else");
    const answer = await get("/readyz");
    await rename("something_else", name);
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ problem: `migrations are missing: ${name}` });
  });
});
