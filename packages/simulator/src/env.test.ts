import { describe, expect, it } from "vitest";
import { readEnvironment } from "./env.ts";

describe("readEnvironment", () => {
  it("has defaults, and takes empty variables for absent ones", () => {
    expect(readEnvironment({ SIMULATOR_SEED: "", HOME: "/root" })).toEqual({
      SIMULATOR_PORT: 9090,
      SIMULATOR_HOST: "127.0.0.1",
      SIMULATOR_KEPT_ANSWER_BYTES: 0,
    });
  });

  it("reads every setting", () => {
    const variables = {
      SIMULATOR_PORT: "1234",
      SIMULATOR_HOST: "::1",
      SIMULATOR_CONTROL_PORT: "0",
      SIMULATOR_SEED: "s",
      SIMULATOR_LEDGER_FILE: "/tmp/l",
      SIMULATOR_API_KEY: "k",
      SIMULATOR_KEPT_ANSWER_BYTES: "4096",
    };
    const numbers = { SIMULATOR_PORT: 1234, SIMULATOR_CONTROL_PORT: 0, SIMULATOR_KEPT_ANSWER_BYTES: 4096 };
    expect(readEnvironment(variables)).toEqual({ ...variables, ...numbers });
  });

  it.each(["x", "-1", "65536", "1.5"])("refuses port %s by name", (port) => {
    expect(() => readEnvironment({ SIMULATOR_PORT: port })).toThrow(/^SIMULATOR_PORT: /);
  });
});
