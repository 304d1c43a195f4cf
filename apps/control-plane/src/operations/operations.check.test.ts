import { allOperations } from "@switchyard/api-contract/catalogue";
import { describe, expect, it } from "vitest";
import { findBindingFaults } from "./operations.check.ts";

const [first, second] = allOperations;

describe("findBindingFaults", () => {
  it("is content when every operation has one handler", () => {
    expect(findBindingFaults(allOperations, allOperations)).toEqual([]);
  });

  it("names what has none, what has two, and what nobody declared", () => {
    const stranger = { ...first!, id: "stranger" };
    expect(findBindingFaults([first!, second!], [second!, second!, stranger])).toEqual([
      `${first!.id} has no handler`,
      `${second!.id} has 2 handlers`,
      "stranger is not in the catalogue",
    ]);
  });
});
