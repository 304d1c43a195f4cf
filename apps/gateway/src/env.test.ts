import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { EnvError, readEnv } from "./env.ts";

const valid = {
  GATEWAY_DATABASE_URL: "postgresql://gateway:hunter2@127.0.0.1:5440/switchyard",
  SWITCHYARD_MASTER_KEY: randomBytes(32).toString("base64"),
};

function problemOf(source: Record<string, string>): string {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  throw new Error("the environment was accepted");
}

describe("readEnv", () => {
  it("fills in the documented defaults", () => {
    const env = readEnv(valid);
    expect(env.GATEWAY_HOST).toBe("127.0.0.1");
    expect(env.GATEWAY_PORT).toBe(8080);
    expect(env.GATEWAY_BODY_LIMIT_BYTES).toBe(8 * 1024 * 1024);
    expect(env.GATEWAY_DRAIN_DELAY_MS).toBe(5_000);
  });

  it("does not wait for load balancers in local mode", () => {
    expect(readEnv({ ...valid, SWITCHYARD_LOCAL: "1" }).GATEWAY_DRAIN_DELAY_MS).toBe(0);
  });

  it("takes an empty variable as unset", () => {
    expect(readEnv({ ...valid, GATEWAY_PORT: "", REDIS_URL: "" }).GATEWAY_PORT).toBe(8080);
  });

  it.each([
    ["missing", {}, "no master key is set"],
    [
      "readable",
      { SWITCHYARD_MASTER_KEY: Buffer.from("0123456789abcdef0123456789abcdef").toString("base64") },
      "readable",
    ],
    ["short", { SWITCHYARD_MASTER_KEY: "c2hvcnQ=" }, "32 bytes"],
  ])("refuses a %s master key with one line", (_, masterKey, reason) => {
    const problem = problemOf({ GATEWAY_DATABASE_URL: valid.GATEWAY_DATABASE_URL, ...masterKey });
    expect(problem).toContain(`SWITCHYARD_MASTER_KEY: `);
    expect(problem).toContain(reason);
    expect(problem).not.toContain("\n");
  });

  it("names every wrong variable and quotes no value", () => {
    const problem = problemOf({ ...valid, GATEWAY_PORT: "70000", GATEWAY_DATABASE_URL: "mysql://u:hunter2@h/d" });
    expect(problem).toContain("GATEWAY_PORT");
    expect(problem).toContain("GATEWAY_DATABASE_URL");
    expect(problem).not.toContain("hunter2");
  });

  it("refuses ranges that are not CIDR", () => {
    expect(problemOf({ ...valid, GATEWAY_ALLOWED_PRIVATE_RANGES: "10.0.0.0/8, nonsense" })).toContain("CIDR");
    expect(readEnv({ ...valid, GATEWAY_ALLOWED_PRIVATE_RANGES: "10.0.0.0/8, fd00::/8" })).toMatchObject({
      GATEWAY_ALLOWED_PRIVATE_RANGES: ["10.0.0.0/8", "fd00::/8"],
    });
  });
});
