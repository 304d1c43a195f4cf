import { describe, expect, it } from "vitest";
import { isDatabaseUnavailable } from "./is-database-unavailable.ts";

describe("isDatabaseUnavailable", () => {
  it.each([
    { code: "P1001" },
    { code: "P2028" },
    { code: "57P01" },
    { code: "08006" },
    { code: "ECONNREFUSED" },
    { errors: [{ code: "ECONNREFUSED" }] },
    { message: "Connection terminated unexpectedly" },
    { code: "P2010", meta: { driverAdapterError: { cause: { originalCode: "57P03" } } } },
    { cause: { kind: "DatabaseNotReachable" } },
  ])("sees an absent database in %j", (error) => {
    expect(isDatabaseUnavailable(error)).toBe(true);
  });

  it.each([null, "P1001", {}, { code: "P2002" }, { code: "23505" }, { message: "syntax error" }])(
    "does not see one in %j",
    (error) => {
      expect(isDatabaseUnavailable(error)).toBe(false);
    },
  );

  it("ends on an error that causes itself", () => {
    const error: { cause?: unknown } = {};
    error.cause = error;
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});
