import { describe, expect, it } from "vitest";
import { generatePassword } from "./random-password.ts";

describe("generatePassword", () => {
  it("is readable, long and never the same", () => {
    const passwords = Array.from({ length: 1_000 }, generatePassword);
    expect(passwords.every((password) => /^[2-9a-km-np-z]{5}(-[2-9a-km-np-z]{5}){4}$/.test(password))).toBe(true);
    expect(new Set(passwords).size).toBe(1_000);
    expect(new Set(passwords.join("").replaceAll("-", "")).size).toBe(32);
  });
});
