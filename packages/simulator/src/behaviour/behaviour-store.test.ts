import { describe, expect, it } from "vitest";
import { BehaviourStore } from "./behaviour-store.ts";

describe("BehaviourStore", () => {
  it("lets the most specific behaviour apply, alone", () => {
    const store = new BehaviourStore();
    store.set("*", "*", { latencyMs: 1 });
    store.set("*", "m", { latencyMs: 2 });
    store.set("p", "*", { latencyMs: 3 });
    store.set("p", "m", { chunkTokens: 4 });
    expect(store.resolve("p", "m")?.behaviour).toEqual({ chunkTokens: 4 });
    expect(store.resolve("p", "other")?.behaviour).toEqual({ latencyMs: 3 });
    expect(store.resolve("other", "m")?.behaviour).toEqual({ latencyMs: 2 });
    expect(store.resolve("other", "other")?.behaviour).toEqual({ latencyMs: 1 });
  });

  it("starts the call count anew when a behaviour is set again", () => {
    const store = new BehaviourStore();
    store.set("p", "m", {});
    const active = store.resolve("p", "m");
    if (active !== undefined) active.calls = 5;
    expect(store.get("p", "m")?.calls).toBe(5);
    store.set("p", "m", {});
    expect(store.get("p", "m")?.calls).toBe(0);
  });

  it("deletes and clears", () => {
    const store = new BehaviourStore();
    store.set("p", "m", {});
    store.set("p", "n", {});
    expect(store.delete("p", "m")).toBe(true);
    expect(store.delete("p", "m")).toBe(false);
    expect(store.list().map(({ model }) => model)).toEqual(["n"]);
    store.clear();
    expect(store.resolve("p", "n")).toBeUndefined();
  });

  it("holds a bounded number of behaviours and still lets known ones be replaced", () => {
    const store = new BehaviourStore();
    for (let model = 0; model < 10_000; model += 1) expect(store.set("p", `m${model}`, {})).toBe(true);
    expect(store.set("p", "one more", {})).toBe(false);
    expect(store.set("p", "m7", { latencyMs: 1 })).toBe(true);
  });
});
