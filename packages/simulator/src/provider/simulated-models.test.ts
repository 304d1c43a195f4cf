import { describe, expect, it } from "vitest";
import { SimulatedModels } from "./simulated-models.ts";

describe("SimulatedModels", () => {
  it("seeds each model of each provider by itself, the same in every process", () => {
    const seedOf = (seed: string, provider: string, name: string): string =>
      String(new SimulatedModels(seed).find(provider, name)?.seed);
    expect(seedOf("s", "p", "m")).toBe(seedOf("s", "p", "m"));
    expect(
      new Set([
        seedOf("s", "p", "m"),
        seedOf("t", "p", "m"),
        seedOf("s", "q", "m"),
        seedOf("s", "p", "n"),
        seedOf("s", "pm", ""),
      ]).size,
    ).toBe(5);
  });

  it("keeps the call count of a model until a reset", () => {
    const models = new SimulatedModels("s");
    const model = models.find("p", "m");
    if (model !== undefined) model.calls = 3;
    expect(models.find("p", "m")?.calls).toBe(3);
    models.reset();
    expect(models.find("p", "m")?.calls).toBe(0);
  });

  it("meets a bounded number of models and goes on serving those it knows", () => {
    const models = new SimulatedModels("s");
    for (let name = 0; name < 10_000; name += 1) expect(models.find("p", `m${name}`)).toBeDefined();
    expect(models.find("p", "one more")).toBeUndefined();
    expect(models.find("p", "m5")).toBeDefined();
  });
});
