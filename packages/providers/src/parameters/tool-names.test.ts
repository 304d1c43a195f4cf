import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { geminiParameters } from "../google-gemini/parameters.ts";
import { anthropicParameters } from "../anthropic/parameters.ts";
import { bedrockParameters } from "../aws-bedrock/parameters.ts";
import { openAiToolNames, ToolNames } from "./tool-names.ts";

const rules = {
  openai: openAiToolNames,
  gemini: geminiParameters.toolNames,
  bedrock: bedrockParameters.toolNames,
  anthropic: anthropicParameters.toolNames,
};
const anyName = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: "binary" }),
  fc.stringMatching(/^[a-z0-9_.:/ -]{1,140}$/),
  fc.constantFrom("__proto__", "constructor", "a.b", "a b", "a_b"),
);

describe.each(Object.entries(rules))("names as %s takes them", (_kind, rule) => {
  test("are those of the client, one to one and back", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyName, { maxLength: 12 }), (clientNames) => {
        // A client that read such a name somewhere may have a tool that is called so.
        const spelt = clientNames.map((name) => new ToolNames([name], rule).sent(name));
        const all = [...new Set([...clientNames, ...spelt])];
        const names = new ToolNames(all, rule);
        const sent = all.map((name) => names.sent(name));
        expect(new Set(sent).size).toBe(all.length);
        expect(sent.filter((name) => !rule.allowed.test(name))).toEqual([]);
        expect(sent.map((name) => names.own(name))).toEqual(all);
        for (const name of all.filter((known) => rule.allowed.test(known))) expect(names.sent(name)).toBe(name);
        const inAnotherOrder = new ToolNames(all.toReversed(), rule);
        expect(all.map((name) => inAnotherOrder.sent(name))).toEqual(sent);
      }),
    );
  });

  test("do not depend on what other tools there are", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,9}\/[a-z]{1,9}$/), fc.array(anyName), (name, others) => {
        expect(new ToolNames([name, ...others], rule).sent(name)).toBe(new ToolNames([name], rule).sent(name));
      }),
    );
  });
});

test.each([
  ["gemini", "ns:read.lines-2", true],
  ["gemini", "_", true],
  ["gemini", "2nd", false],
  ["gemini", "-a", false],
  ["gemini", "a".repeat(64), true],
  ["gemini", "a".repeat(65), false],
  ["bedrock", "read-lines_2", true],
  ["bedrock", "ns.read", false],
  ["bedrock", "a".repeat(65), false],
  ["anthropic", "a".repeat(128), true],
  ["anthropic", "a".repeat(129), false],
  ["anthropic", "ns.read", false],
  ["openai", "a".repeat(65), false],
  ["openai", "", true],
] as const)("%s: %j passes: %s", (kind, name, passes) => {
  expect(new ToolNames([name], rules[kind]).sent(name) === name).toBe(passes);
});

test("a changed name can still be read", () => {
  expect(new ToolNames(["mcp/files.read"], openAiToolNames).sent("mcp/files.read")).toMatch(
    /^mcp_files_read_[a-zA-Z0-9]{9}$/,
  );
  expect(new ToolNames(["2nd"], rules.gemini).sent("2nd")).toMatch(/^tool_2nd_[a-zA-Z0-9]{9}$/);
});
