import { describe, expect, it } from "vitest";
import { escapeFormula } from "./escape-formula.ts";

describe("escapeFormula", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])(
    "disarms %j",
    (text) => {
      expect(escapeFormula(text)).toBe(`'${text}`);
    },
  );

  it.each(["", "team", "a=b", "env=prod,x=-1", " =1"])("leaves %j alone", (text) => {
    expect(escapeFormula(text)).toBe(text);
  });
});
