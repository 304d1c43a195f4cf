import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { SecretText } from "./secret-text.ts";

describe("SecretText", () => {
  it("yields the text only through reveal", () => {
    const secret = new SecretText("canary-4711");
    expect(secret.reveal()).toBe("canary-4711");
    const shown = [
      String(secret),
      "".concat(secret as unknown as string),
      JSON.stringify([secret, { secret }]),
      inspect({ secret }, { depth: 9, showHidden: true }),
      format("%s %o %j", secret, secret, secret),
      JSON.stringify(Object.assign({}, secret)),
      JSON.stringify(structuredClone(secret)),
      Object.getOwnPropertyNames(secret).join(),
    ].join("\n");
    expect(shown).not.toContain("canary");
    expect(shown).toContain("[redacted]");
  });
});
