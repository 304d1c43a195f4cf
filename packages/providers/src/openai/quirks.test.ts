import { expect, it } from "vitest";
import { codecOfConnection, providerCodecs } from "../registry.ts";
import { openAiDialect } from "./dialect.ts";
import { quirkDefaultsOf, withQuirks } from "./quirks.ts";

const kind = { ...openAiDialect, mostStops: 4, parameters: { n: "reject", store: "drop", seed: "drop" } } as const;

it("keeps the kind's dialect where the quirks say nothing", () => {
  expect(withQuirks(kind, {})).toEqual(kind);
  expect(withQuirks(kind, { parameters: {} })).toEqual(kind);
});

it("puts what the quirks say in the kind's place, false as well as true", () => {
  const settings = {
    outputCapField: "max_tokens",
    otherCapField: "renamed",
    developerRole: false,
    stopAsString: false,
    streamOptions: false,
    responses: true,
  } as const;
  expect(withQuirks(kind, settings)).toEqual({ ...kind, ...settings });
});

it("says which names tools may have, whatever the kind takes", () => {
  const free = { ...kind, toolNames: null };
  expect(withQuirks(kind, { toolNames: "any" })).toEqual(free);
  expect(withQuirks(free, { toolNames: "plain" })).toEqual(kind);
  expect([quirkDefaultsOf(free).toolNames, quirkDefaultsOf(kind).toolNames]).toEqual(["any", "plain"]);
});

it("rules parameters one by one: pass takes a rule of the kind away", () => {
  const parameters = { n: "pass", seed: { rename: "random_seed" }, user: "drop" } as const;
  expect(withQuirks(kind, { parameters }).parameters).toEqual({
    store: "drop",
    seed: { rename: "random_seed" },
    user: "drop",
  });
  expect(kind.parameters).toEqual({ n: "reject", store: "drop", seed: "drop" });
});

it.each(providerCodecs.flatMap((codec) => (codec.adjustable === undefined ? [] : [[codec.manifest.kind, codec]])))(
  "%s: an adjusted codec has everything that the kind's own has",
  (_kind, codec) => {
    if (typeof codec === "string") throw new Error("not a codec");
    const adjusted = codec.adjustable?.adjust({ developerRole: false });
    expect(Object.keys(adjusted ?? {})).toEqual(Object.keys(codec));
    expect(adjusted?.adjustable?.defaults).toEqual({ ...codec.adjustable?.defaults, developerRole: false });
  },
);

it("tells what a kind does without quirks", () => {
  const { toolNames: _names, ...defaults } = quirkDefaultsOf(kind);
  expect(kind).toMatchObject(defaults);
});

it("passes Responses where the server speaks them, by its kind, its quirks and its base URL", () => {
  const passes = (kind: string, baseUrl: string, quirks?: { responses: boolean }): boolean =>
    codecOfConnection(kind, quirks, baseUrl)?.natives?.["openai-responses"] !== undefined;
  const azure = "https://harbours.openai.azure.com/openai";
  for (const kind of ["openai", "xai", "deepseek"]) {
    expect(passes(kind, "https://api.example/v1")).toBe(true);
    expect(passes(kind, "https://api.example/v1", { responses: false })).toBe(false);
  }
  expect(passes("vllm", "http://127.0.0.1:8000/v1")).toBe(false);
  expect(passes("vllm", "http://127.0.0.1:8000/v1", { responses: true })).toBe(true);
  expect(passes("azure-openai", `${azure}/v1`)).toBe(true);
  // The dated surface has them elsewhere.
  expect(passes("azure-openai", `${azure}/deployments`)).toBe(false);
  expect(passes("azure-openai", `${azure}/deployments/`, { responses: true })).toBe(false);
  expect(passes("anthropic", "https://api.anthropic.com/v1")).toBe(false);
});
