import { describe, expect, test } from "vitest";
import { sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { resolveRoute } from "./resolve-route.ts";

const open = sampleRoute("open", [sampleTarget("1")]);
const closed = sampleRoute("closed", [sampleTarget("1")], { allowedProjectIds: ["p2"] });
const off = sampleRoute("off", [sampleTarget("1")], { enabled: false });
const lookups = { routesByName: new Map([open, closed, off].map((route) => [route.name, route])) };
const anyRoute = { projectId: "p1", allowedRouteIds: null };

describe("resolveRoute", () => {
  test.each([
    ["name-of-open", anyRoute, { kind: "route", route: open }],
    ["name-of-open", { projectId: "p1", allowedRouteIds: new Set(["open"]) }, { kind: "route", route: open }],
    ["name-of-open", { projectId: "p1", allowedRouteIds: new Set<string>() }, { kind: "not_allowed", reason: "key" }],
    ["name-of-closed", anyRoute, { kind: "not_allowed", reason: "project" }],
    ["name-of-closed", { projectId: "p2", allowedRouteIds: null }, { kind: "route", route: closed }],
    ["name-of-off", anyRoute, { kind: "disabled" }],
    // Who may not call a route does not learn that it is switched off.
    ["name-of-off", { projectId: "p1", allowedRouteIds: new Set(["open"]) }, { kind: "not_allowed", reason: "key" }],
    ["open", anyRoute, { kind: "unknown" }],
    ["__proto__", anyRoute, { kind: "unknown" }],
    ["", anyRoute, { kind: "unknown" }],
  ])("answers for %j", (requested, caller, expected) => {
    expect(resolveRoute(lookups, caller, requested)).toEqual(expected);
  });
});
