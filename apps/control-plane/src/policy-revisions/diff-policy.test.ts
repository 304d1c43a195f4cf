import { type PolicyRevision, policyRevisionSchema } from "@switchyard/policy-engine/policy/policy-revision";
import { describe, expect, it } from "vitest";
import { policyRows, priceVersionRow, quotaRow, virtualKeyRow } from "../../test/policy-rows.ts";
import { compilePolicy } from "./compile-policy.ts";
import { diffPolicy } from "./diff-policy.ts";
import type { PolicyRows } from "./policy-rows.ts";

function revision(changes: Partial<PolicyRows> = {}): PolicyRevision {
  return policyRevisionSchema.parse(compilePolicy(policyRows(changes), new Date("2026-06-15T12:00:00Z")));
}

const before = revision();
const [route] = policyRows().routes;
const [model] = policyRows().models;
const [connection] = policyRows().connections;

describe("diffPolicy", () => {
  it("finds nothing between equal revisions", () => {
    expect(diffPolicy(before, revision())).toEqual([]);
  });

  it("names what changed as people call it", () => {
    const after = revision({
      routes: [{ ...route!, targets: [{ ...route!.targets[0]!, weight: 30 }], maxAttempts: 2 }],
    });
    expect(diffPolicy(before, after)).toEqual([
      {
        path: ["routes", "route-1", "targets", "Connection / model-1", "weight"],
        kind: "changed",
        before: "1",
        after: "30",
      },
      { path: ["routes", "route-1", "most attempts"], kind: "changed", before: "3", after: "2" },
    ]);
  });

  it("takes a new name for a change and not for another thing", () => {
    const after = revision({ routes: [{ ...route!, name: "route-2" }] });
    expect(diffPolicy(before, after)).toEqual([
      { path: ["routes", "route-2", "name"], kind: "changed", before: "route-1", after: "route-2" },
    ]);
  });

  it("names a drain switch", () => {
    const after = revision({ connections: [{ ...connection!, drained: true }] });
    expect(diffPolicy(before, after)).toEqual([
      { path: ["connections", "Connection", "drained"], kind: "changed", before: "no", after: "yes" },
    ]);
  });

  it("writes money as dollars", () => {
    const after = revision({ quotas: [quotaRow({ limit: { toFixed: () => "1500000000000" } })] });
    expect(diffPolicy(before, after)).toEqual([
      { path: ["budgets", "Quota", "limit"], kind: "changed", before: "100 USD", after: "1.5 USD" },
    ]);
  });

  it("lists everything of what came and what went", () => {
    const after = revision({
      virtualKeys: [],
      models: [{ ...model!, prices: [...model!.prices, priceVersionRow("later", "2026-07-01T00:00:00Z")] }],
    });
    expect(diffPolicy(before, after)).toEqual([
      { path: ["virtual keys", "Key", "name"], kind: "removed", before: "Key", after: null },
      { path: ["virtual keys", "Key", "project"], kind: "removed", before: "Project", after: null },
      { path: ["virtual keys", "Key", "works until"], kind: "removed", before: "it is revoked", after: null },
      { path: ["virtual keys", "Key", "routes"], kind: "removed", before: "all", after: null },
      { path: ["virtual keys", "Key", "passes through to"], kind: "removed", before: "nothing", after: null },
      {
        path: ["models", "model-1", "prices", "from 2026-07-01T00:00:00.000Z", "input"],
        kind: "added",
        before: null,
        after: "0.0000025 USD",
      },
    ]);
  });

  it("says that credentials changed and shows nothing of them", () => {
    const credentials = [{ id: "c9", sealed: "sealed nine", state: "active" }];
    const changes = diffPolicy(before, revision({ connections: [{ ...connection!, credentials }] }));
    expect(changes.map(({ path, kind }) => [path.at(-1), kind])).toEqual([
      ["c1", "removed"],
      ["c2", "removed"],
      ["c9", "added"],
    ]);
    expect(JSON.stringify(changes)).not.toContain("sealed");
  });

  it("never shows a digest", () => {
    const digest = Buffer.alloc(32, 7);
    const changes = diffPolicy(null, revision({ virtualKeys: [virtualKeyRow({ digest })] }));
    expect(JSON.stringify(changes)).not.toContain(digest.toString("base64"));
    expect(changes.every(({ kind }) => kind === "added")).toBe(true);
  });
});
