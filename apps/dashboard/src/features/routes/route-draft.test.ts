import { describe, expect, it } from "vitest";
import { changesOf, emptyDraft, problemsOf, type RouteDraft, type TargetDraft } from "./route-draft.ts";

const target = (fields: Partial<TargetDraft>): TargetDraft => ({
  key: "1",
  connectionId: "c1",
  connectionName: "openai-eu",
  modelId: "m1",
  providerModel: "gpt-5-mini",
  weight: 70,
  enabled: true,
  groupId: null,
  ...fields,
});

const draft = (fields: Partial<RouteDraft>): RouteDraft => ({
  ...emptyDraft,
  name: "fast",
  targets: [target({})],
  ...fields,
});

describe("what publishing a draft would change", () => {
  it("is nothing for the same draft", () => {
    expect(changesOf(draft({}), draft({}), String)).toEqual([]);
  });

  it("says what follows a kind of trouble, in words", () => {
    const resilience = { ...emptyDraft.resilience, afterFailure: { contentFilter: "other_target" } as const };
    expect(changesOf(draft({}), draft({ resilience }), String)).toEqual([
      { what: "After: filtered for its content", before: "stop (as usual)", after: "another target" },
    ]);
  });

  it("names the target whose weight changes", () => {
    expect(changesOf(draft({}), draft({ targets: [target({ weight: 30 })] }), String)).toEqual([
      { what: "openai-eu / gpt-5-mini", before: "weight 70", after: "weight 30" },
    ]);
  });

  it("shows added, removed and switched-off targets", () => {
    const before = draft({ targets: [target({}), target({ modelId: "m2", providerModel: "gpt-5" })] });
    const after = draft({ targets: [target({ enabled: false }), target({ modelId: "m3", providerModel: "o9" })] });
    expect(changesOf(before, after, String)).toEqual([
      { what: "openai-eu / gpt-5-mini", before: "weight 70", after: "weight 70, off" },
      { what: "openai-eu / gpt-5", before: "weight 70", after: "–" },
      { what: "openai-eu / o9", before: "–", after: "weight 70" },
    ]);
  });

  it("names the strategy with its settings, and a new order", () => {
    const other = target({ modelId: "m2", providerModel: "gpt-5" });
    const before = draft({ targets: [target({}), other] });
    const after = draft({
      targets: [other, target({})],
      strategy: { type: "cheapest", expectedOutputTokens: 2_000 },
    });
    expect(changesOf(before, after, String)).toEqual([
      { what: "Strategy", before: "Weighted", after: "Cheapest, for 2,000 tokens of answer" },
      {
        what: "Order of targets",
        before: "openai-eu / gpt-5-mini, openai-eu / gpt-5",
        after: "openai-eu / gpt-5, openai-eu / gpt-5-mini",
      },
    ]);
  });

  it("resolves ids to names", () => {
    const changes = changesOf(draft({}), draft({ fallbackRouteIds: ["r9"] }), (id) => `route ${id}`);
    expect(changes).toEqual([{ what: "Fallback routes", before: "none", after: "route r9" }]);
  });
});

describe("why a draft cannot be published", () => {
  it("has no reason for a sound one", () => {
    expect(problemsOf(draft({}))).toEqual([]);
    const strategy = { type: "fastest", explorePercent: 5 } as const;
    expect(problemsOf(draft({ strategy, targets: [target({ weight: 0 })] }))).toEqual([]);
  });

  it.each([
    ["a missing name", { name: "" }, /name/],
    ["a name with a space", { name: "my route" }, /name/],
    ["no target", { targets: [] }, /at least one target/],
    ["no live target", { targets: [target({ enabled: false })] }, /Switch/],
    ["weights that sum to zero", { targets: [target({ weight: 0 })] }, /weight/],
    ["an empty list of projects", { allowedProjectIds: [] }, /projects/],
  ])("says so for %s", (_, fields, reason) => {
    expect(problemsOf(draft(fields)).join()).toMatch(reason);
  });
});
