import { expect, test } from "vitest";
import { afterChange } from "../testing/policy-problems.ts";
import { sampleTarget } from "../testing/sample-policy.ts";
import type { PolicyRevision } from "./policy-revision.ts";
import type { RouteGroup } from "./route.ts";

test.each<[string, (route: PolicyRevision["routes"][number]) => void, string[]]>([
  ["a group", ({ targets, groups }) => void ((targets[0]!.groupId = "a"), groups!.push(group("a"))), []],
  [
    "an unknown group",
    ({ targets }) => void (targets[0]!.groupId = "a"),
    ["weights_sum_to_zero at routes[0].targets", "unknown_group at routes[0].targets[0].groupId"],
  ],
  ["an empty group", ({ groups }) => void groups!.push(group("a")), ["empty_group at routes[0].groups[0]"]],
  [
    "groups inside of each other",
    ({ groups }) => void groups!.push(group("a", { parentGroupId: "b" }), group("b", { parentGroupId: "a" })),
    ["group_cycle at routes[0].groups[0].parentGroupId", "group_cycle at routes[0].groups[1].parentGroupId"],
  ],
  [
    "conditions that contradict those around them",
    ({ targets, groups }) => {
      targets[0]!.groupId = "b";
      const forTeam = (team: string) => ({
        match: "all" as const,
        clauses: [{ fact: "team" as const, anyOf: [team] }],
      });
      groups!.push(group("a", { when: forTeam("x") }), group("b", { parentGroupId: "a", when: forTeam("y") }));
    },
    ["contradictory_conditions at routes[0].groups[1].when.clauses[0]"],
  ],
  [
    "a zone that is none",
    ({ targets, groups }) => {
      targets[0]!.groupId = "a";
      const clause = { fact: "time_of_day" as const, timeZone: "Mars/Base", fromMinute: 1, toMinute: 2 };
      groups!.push(group("a", { when: { match: "any", clauses: [clause] } }));
    },
    ["invalid_time_zone at routes[0].groups[0].when.clauses[0].timeZone"],
  ],
  [
    "a group that never gets a call",
    (route) => {
      route.strategy = { type: "first_match" };
      route.targets.push(sampleTarget("2", { targetId: "t9", groupId: "b" }));
      route.targets[0]!.groupId = "a";
      route.groups!.push(group("a"), group("b"));
    },
    ["unreachable_member at routes[0].groups[1]"],
  ],
  [
    "a canary of nothing",
    (route) => void (route.strategy = { type: "canary", percent: 5, ramp: { fromMs: 2, toMs: 1, percent: 9 } }),
    ["too_few_members at routes[0].strategy", "contradictory_settings at routes[0].strategy.ramp.toMs"],
  ],
  [
    "a cascade with nowhere to go on to",
    (route) => void (route.strategy = { type: "cascade", refusals: false }),
    ["too_few_members at routes[0].strategy"],
  ],
  [
    "tiers without members, in no order",
    (route) => void (route.strategy = { type: "complexity", boundaries: [0.5, 0.4], whenUnsure: "hardest" }),
    [
      "contradictory_settings at routes[0].strategy.boundaries",
      "contradictory_settings at routes[0].strategy.boundaries[1]",
    ],
  ],
  [
    "what no target promises",
    (route) => void (route.guards = { requires: { zeroRetention: true } }),
    ["requirements_unmet at routes[0].guards.requires"],
  ],
  [
    "what every target promises as far as anybody knows",
    (route) => void (route.guards = { requires: { ownRegion: true }, mostCostPicoUsd: "0" }),
    [],
  ],
])("judges %s", (_, change, problems) => {
  const found = afterChange(({ routes }) => {
    routes[0]!.groups = [];
    change(routes[0]!);
  });
  expect(found).toEqual(problems);
});

function group(groupId: string, changes: Partial<RouteGroup> = {}): RouteGroup {
  return { groupId, name: groupId, weight: 1, enabled: true, strategy: { type: "priority" }, ...changes };
}
