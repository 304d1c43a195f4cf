import { describe, expect, test } from "vitest";
import {
  addGroup,
  groupsAround,
  type GroupDraft,
  type Member,
  membersIn,
  moveGroup,
  moveUp,
  removeGroup,
} from "./members.ts";
import { emptyDraft, type RouteDraft, type TargetDraft } from "./route-draft.ts";

const target = (key: string, groupId: string | null): TargetDraft => ({
  key,
  connectionId: key,
  connectionName: key,
  modelId: "m",
  providerModel: "m",
  weight: 1,
  enabled: true,
  groupId,
});

const group = (groupId: string, parentGroupId?: string): GroupDraft => ({
  groupId,
  name: groupId,
  weight: 1,
  enabled: true,
  strategy: { type: "priority" },
  ...(parentGroupId === undefined ? {} : { parentGroupId }),
});

/** a, group G of b, group H of c, d inside G, and e. */
const draft: RouteDraft = {
  ...emptyDraft,
  targets: [target("a", null), target("b", "G"), target("c", "H"), target("d", "H"), target("e", null)],
  groups: [group("H", "G"), group("G")],
};

const show = (members: readonly Member[]): string =>
  members
    .map((member) =>
      member.group === undefined ? member.target.key : `${member.group.groupId}(${show(member.members)})`,
    )
    .join(" ");

describe("a route's members", () => {
  test("nest, and a group stands where its first target does", () => {
    expect(show(membersIn(draft, null))).toBe("a G(b H(c d)) e");
    expect(show(membersIn(draft, "H"))).toBe("c d");
  });

  test("a group without targets comes last, and groups inside of each other end", () => {
    const broken = { ...draft, groups: [group("X"), ...draft.groups] };
    expect(show(membersIn(broken, null))).toBe("a G(b H(c d)) e X()");
    expect(show(membersIn({ targets: [], groups: [group("A", "B"), group("B", "A")] }, "A"))).toBe("B(A())");
  });

  test("move before the one that they follow, with all that is in them", () => {
    const first = moveUp(draft, null, 1);
    expect(show(membersIn(first, null))).toBe("G(b H(c d)) a e");
    expect(first.groups.map(({ groupId }) => groupId)).toEqual(["G", "H"]);
    expect(show(membersIn(moveUp(draft, "G", 1), null))).toBe("a G(H(c d) b) e");
    expect(show(membersIn(moveUp(draft, "H", 1), null))).toBe("a G(b H(d c)) e");
    expect(moveUp(draft, null, 0).targets).toEqual(draft.targets);
  });

  test("stay when their group goes", () => {
    const without = removeGroup(draft, draft.groups[1]!);
    expect(show(membersIn(without, null))).toBe("a b H(c d) e");
    expect(without.groups).toEqual([group("H")]);
  });

  test("groups move anywhere but into themselves", () => {
    expect(groupsAround(draft, "G")).toEqual([]);
    expect(groupsAround(draft, "H").map(({ groupId }) => groupId)).toEqual(["G"]);
    expect(show(membersIn(moveGroup(draft, "H", null), null))).toBe("a G(b) H(c d) e");
    const more = addGroup(draft, "G");
    expect(show(membersIn(more, null))).toMatch(/^a G\(b H\(c d\) \S+\(\)\) e$/);
    expect(more.groups.at(-1)?.name).toBe("Group 3");
  });
});
