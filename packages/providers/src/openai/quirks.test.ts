import { expect, it } from "vitest";
import { providerCodecs } from "../registry.ts";
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
  } as const;
  expect(withQuirks(kind, settings)).toEqual({ ...kind, ...settings });
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
  const { mostStops: _mostStops, ...rest } = kind;
  expect(rest).toMatchObject(quirkDefaultsOf(kind));
});
