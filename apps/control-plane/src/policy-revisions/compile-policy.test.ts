import { validatePolicyRevision } from "@switchyard/policy-engine/policy/validate-policy";
import type { PolicyRevision } from "@switchyard/policy-engine/policy/policy-revision";
import { providerKindRules } from "@switchyard/providers/registry";
import { describe, expect, it } from "vitest";
import { policyRows, priceVersionRow, quotaRow, virtualKeyRow } from "../../test/policy-rows.ts";
import { applicablePrices, compilePolicy, notAfter } from "./compile-policy.ts";
import type { PolicyRows } from "./policy-rows.ts";

const now = new Date("2026-06-15T12:00:00Z");

function compile(changes: Partial<PolicyRows> = {}): PolicyRevision {
  const validation = validatePolicyRevision(compilePolicy(policyRows(changes), now), providerKindRules);
  if (!validation.ok) throw new Error(JSON.stringify(validation.problems));
  return validation.revision;
}

describe("compilePolicy", () => {
  it("compiles rows to a valid policy", () => {
    const revision = compile();
    expect(revision.virtualKeys[0]?.digest).toHaveLength(44);
    expect(revision.models[0]?.prices[0]?.lines).toEqual([{ meter: "input", unitPricePicoUsd: "2500000" }]);
    expect(revision.quotas[0]?.limit).toBe("100000000000000");
  });

  it("says that a connection is drained only where it is, as the version before does not know the word", () => {
    const [connection] = policyRows().connections;
    expect(compile().connections[0]).not.toHaveProperty("drained");
    expect(compile({ connections: [{ ...connection!, drained: true }] }).connections[0]?.drained).toBe(true);
  });

  it("gives gateways active credentials first and void ones never", () => {
    expect(compile().connections[0]?.credentials.map(({ credentialId }) => credentialId)).toEqual(["c1", "c2"]);
  });

  it("leaves out keys that have expired, whichever end came first, and keys of archived projects", () => {
    const past = new Date(now.getTime() - 1);
    const future = new Date(now.getTime() + 1);
    const key = (id: string, changes: object) => virtualKeyRow({ id, publicId: id.padEnd(12, "0"), ...changes });
    const { virtualKeys } = compile({
      virtualKeys: [
        key("a", { expiresAt: past }),
        key("b", { expiresAt: future, overlapEndsAt: past }),
        key("c", { expiresAt: future }),
        key("d", { projectId: "archived" }),
        key("e", { expiresAt: now }),
      ],
    });
    expect(virtualKeys.map(({ virtualKeyId, notAfterMs }) => [virtualKeyId, notAfterMs])).toEqual([
      ["c", future.getTime()],
    ]);
  });

  it("takes ids that are gone out of allow-lists without opening them", () => {
    const [route] = policyRows().routes;
    const { routes, virtualKeys } = compile({
      routes: [{ ...route!, allowedProjectIds: ["gone"] }],
      virtualKeys: [virtualKeyRow({ allowedRouteIds: ["gone", "route"], passthroughConnectionIds: ["gone"] })],
    });
    expect(routes[0]?.allowedProjectIds).toEqual([]);
    expect(virtualKeys[0]?.allowedRouteIds).toEqual(["route"]);
    expect(virtualKeys[0]).not.toHaveProperty("passthroughConnectionIds");
  });

  it("leaves a key with the passthrough that its project allows too", () => {
    const [project] = policyRows().projects;
    const keys = [virtualKeyRow({ passthroughConnectionIds: ["connection"] })];
    const compiled = (passthroughConnectionIds: unknown) =>
      compile({ projects: [{ ...project!, passthroughConnectionIds }], virtualKeys: keys }).virtualKeys[0];
    expect(compiled(["gone", "connection"])?.passthroughConnectionIds).toEqual(["connection"]);
    for (const nothing of [null, [], ["gone"]])
      expect(compiled(nothing)).not.toHaveProperty("passthroughConnectionIds");
  });

  it("takes only the models that routes use", () => {
    const [model] = policyRows().models;
    const { models } = compile({ models: [model!, { ...model!, id: "unused", providerModel: "unused" }] });
    expect(models.map(({ modelId }) => modelId)).toEqual(["model"]);
  });

  it("leaves out limits of what is gone, and keeps those of users, sessions and tags", () => {
    const scopes = [
      ["team", "gone"],
      ["virtual_key", "revoked"],
      ["user", "u"],
      ["tag", "env=prod"],
      ["route", "route"],
    ];
    const quotas = scopes.map(([scopeType, scopeId]) =>
      quotaRow({ id: `${scopeType}`, scopeType: scopeType!, scopeId: scopeId! }),
    );
    expect(compile({ quotas }).quotas.map(({ scopeType }) => scopeType)).toEqual(["user", "tag", "route"]);
  });

  it("leaves out prices that were negotiated with a connection that is gone", () => {
    const [model] = policyRows().models;
    const prices = [
      priceVersionRow("general", "2026-01-01T00:00:00Z"),
      priceVersionRow("special", "2026-01-01T00:00:00Z", "gone"),
    ];
    expect(compile({ models: [{ ...model!, prices }] }).models[0]?.prices).toHaveLength(1);
  });
});

describe("applicablePrices", () => {
  it("keeps the version in force and every later one, apart for each connection, oldest first", () => {
    const versions = [
      priceVersionRow("next", "2026-07-01T00:00:00Z"),
      priceVersionRow("old", "2026-01-01T00:00:00Z"),
      priceVersionRow("current", "2026-06-01T00:00:00Z"),
      priceVersionRow("special", "2026-02-01T00:00:00Z", "connection"),
    ];
    expect(applicablePrices(versions, now).map(({ id }) => id)).toEqual(["special", "current", "next"]);
  });

  it("keeps the later of two that began at the same instant, as gateways do", () => {
    const versions = [
      priceVersionRow("first", "2026-01-01T00:00:00Z"),
      priceVersionRow("second", "2026-01-01T00:00:00Z"),
    ];
    expect(applicablePrices(versions, now).map(({ id }) => id)).toEqual(["second"]);
  });
});

describe("notAfter", () => {
  it("is the earlier of expiry and overlap", () => {
    const early = new Date(1);
    const late = new Date(2);
    expect(notAfter({ expiresAt: early, overlapEndsAt: late })).toBe(early);
    expect(notAfter({ expiresAt: late, overlapEndsAt: early })).toBe(early);
    expect(notAfter({ expiresAt: null, overlapEndsAt: late })).toBe(late);
    expect(notAfter({ expiresAt: null, overlapEndsAt: null })).toBeNull();
  });
});
