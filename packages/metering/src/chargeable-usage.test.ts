import { expect, test } from "vitest";
import { chargeableUsage } from "./chargeable-usage.ts";
import type { Meter, Usage } from "./meters.ts";
import type { PriceVersion } from "./price-version.ts";

function pricing(...meters: Meter[]): PriceVersion {
  const lines = meters.map((meter) => ({ meter, unitPricePicoUsd: "5" }));
  return { priceVersionId: "p", connectionId: null, effectiveFromMs: 0, free: false, lines };
}

const cases: readonly [string, PriceVersion, Usage, Usage | null][] = [
  ["leaves tokens as they are", pricing("input"), { input: 3, output: 2 }, { input: 3, output: 2 }],
  ["charges pictures by the picture", pricing("images"), { images: 2, input: 9, image_output: 80 }, { images: 2 }],
  ["charges pictures by tokens", pricing("input", "output"), { images: 2, input: 9 }, { input: 9 }],
  [
    "charges both where both have a price",
    pricing("images", "input"),
    { images: 2, input: 9 },
    { images: 2, input: 9 },
  ],
  ["charges seconds", pricing("audio_seconds"), { audio_seconds: 4, audio_input: 40 }, { audio_seconds: 4 }],
  ["keeps the fee", pricing("images", "requests"), { images: 1, requests: 1 }, { images: 1, requests: 1 }],
  ["charges nothing of what has no price", pricing("input", "output"), { characters: 12 }, null],
  ["charges nothing by an empty list", pricing(), { images: 1 }, null],
];

test.each(cases)("%s", (_, version, usage, expected) => {
  expect(chargeableUsage(version, usage)).toEqual(expected);
});

test("leaves what is free as it is", () => {
  expect(chargeableUsage({ ...pricing(), free: true }, { images: 3, input: 1 })).toEqual({ images: 3, input: 1 });
});
