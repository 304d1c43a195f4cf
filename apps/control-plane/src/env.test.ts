import { generateMasterKey } from "@switchyard/secrets/master-key";
import { describe, expect, it } from "vitest";
import { EnvError, readEnv, readSeedEnv } from "./env.ts";

const sound = { DATABASE_URL: "postgres://u:p@127.0.0.1/db", SWITCHYARD_MASTER_KEY: generateMasterKey() };

describe("readEnv", () => {
  it("has a default for everything but the database and the master key", () => {
    expect(readEnv(sound)).toMatchObject({
      host: "127.0.0.1",
      port: 3000,
      isLocal: false,
      adminOrigin: null,
      dashboardDir: null,
      lifeline: null,
      redisUrl: null,
      allowedPrivateRanges: [],
    });
  });

  it("takes an empty variable for an absent one", () => {
    expect(readEnv({ ...sound, ADMIN_PORT: "", ADMIN_ORIGIN: "", REDIS_URL: "" })).toMatchObject({
      port: 3000,
      adminOrigin: null,
    });
  });

  it("reads lists, switches and origins", () => {
    const env = readEnv({
      ...sound,
      SWITCHYARD_LOCAL: "1",
      ADMIN_ORIGIN: "https://switchyard.example.com/somewhere",
      GATEWAY_ALLOWED_PRIVATE_RANGES: "10.0.0.0/8, fd00::/8",
    });
    expect(env).toMatchObject({
      isLocal: true,
      adminOrigin: "https://switchyard.example.com",
      allowedPrivateRanges: ["10.0.0.0/8", "fd00::/8"],
    });
  });

  it.each([
    [{ SWITCHYARD_MASTER_KEY: "" }, "SWITCHYARD_MASTER_KEY: no master key is set"],
    [
      { SWITCHYARD_MASTER_KEY: Buffer.alloc(32, 7).toString("base64") },
      "SWITCHYARD_MASTER_KEY: a master key repeats itself",
    ],
    [{ DATABASE_URL: undefined }, "DATABASE_URL"],
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL"],
    [{ ADMIN_PORT: "70000" }, "ADMIN_PORT"],
    [{ SWITCHYARD_LIFELINE: "rope" }, "SWITCHYARD_LIFELINE"],
  ])("refuses %j in one line that quotes no value", (change, expected) => {
    const read = () => readEnv({ ...sound, ...change });
    expect(read).toThrow(EnvError);
    expect(read).toThrow(expected);
    const values = Object.values(change).filter((value) => value);
    for (const value of values) expect(read).not.toThrow(value);
  });
});

describe("readSeedEnv", () => {
  it("finds the keys of the kinds it is asked for, and only those", () => {
    const seed = readSeedEnv(["openai", "openai-compatible"], {
      OPENAI_API_KEY: "one",
      OPENAI_COMPATIBLE_API_KEY: "two",
      OTHER_API_KEY: "three",
      ADMIN_EMAIL: "Owner@Example.com",
    });
    expect([...seed.providerApiKeys]).toEqual([
      ["openai", "one"],
      ["openai-compatible", "two"],
    ]);
    expect(seed).toMatchObject({ adminEmail: "owner@example.com", simulatorUrl: null });
  });
});
