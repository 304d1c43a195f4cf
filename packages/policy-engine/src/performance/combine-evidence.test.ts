import fc from "fast-check";
import { expect, it } from "vitest";
import {
  combineEvidence,
  type EvidenceSums,
  mostTrials,
  noEvidence,
  stillUnseen,
  trialsOf,
} from "./combine-evidence.ts";

function plus(sums: EvidenceSums, isSuccess: boolean, outputTokens = 10): EvidenceSums {
  return {
    successes: sums.successes + Number(isSuccess),
    failures: sums.failures + Number(!isSuccess),
    outputTokens: sums.outputTokens + outputTokens,
  };
}

const sums = fc.record({
  successes: fc.double({ min: 0, max: 1e6, noNaN: true }),
  failures: fc.double({ min: 0, max: 1e6, noNaN: true }),
  outputTokens: fc.double({ min: 0, max: 1e9, noNaN: true }),
});

it("counts every observation once, however the ledger and the facts lag behind", () => {
  const events = fc.array(fc.oneof(fc.boolean(), fc.constantFrom("ingest", "read")), { maxLength: 300 });
  fc.assert(
    fc.property(events, (happenings) => {
      let [all, ingested, heldBefore, unseen, fleet] = Array.from({ length: 5 }, () => noEvidence);
      const waiting: boolean[] = [];
      for (const happening of happenings) {
        if (typeof happening === "boolean") {
          waiting.push(happening);
          all = plus(all ?? noEvidence, happening);
          unseen = plus(unseen ?? noEvidence, happening);
        } else if (happening === "ingest") {
          const next = waiting.shift();
          if (next !== undefined) ingested = plus(ingested ?? noEvidence, next);
        } else {
          fleet = ingested;
          unseen = stillUnseen(unseen ?? noEvidence, ingested ?? noEvidence, heldBefore ?? noEvidence);
          heldBefore = ingested;
        }
        expect(combineEvidence(fleet ?? noEvidence, unseen ?? noEvidence)).toEqual(all);
      }
    }),
  );
});

it("is never negative, never more than counts, and keeps shares", () => {
  fc.assert(
    fc.property(sums, sums, sums, sums, (fleet, own, heldNow, heldBefore) => {
      const unseen = stillUnseen(own, heldNow, heldBefore);
      for (const key of ["successes", "failures", "outputTokens"] as const) {
        expect(unseen[key]).toBeGreaterThanOrEqual(0);
        expect(unseen[key]).toBeLessThanOrEqual(own[key]);
      }
      const { successes, failures } = combineEvidence(fleet, unseen);
      expect(successes).toBeGreaterThanOrEqual(0);
      expect(failures).toBeGreaterThanOrEqual(0);
      expect(successes + failures).toBeLessThanOrEqual(mostTrials * 1.000001);
      const alone = combineEvidence(fleet, noEvidence);
      // Of next to nothing no share can be told.
      const slack = 1e-6 * Math.max(1, trialsOf(fleet));
      expect(Math.abs(alone.successes * trialsOf(fleet) - fleet.successes * trialsOf(alone))).toBeLessThan(
        slack * mostTrials,
      );
    }),
  );
});

it("lets what is new outweigh what is old where there is much of both", () => {
  const fleet = { successes: 9_000, failures: 1_000, outputTokens: 0 };
  const unseen = { successes: 0, failures: 1_900, outputTokens: 0 };
  expect(combineEvidence(fleet, unseen)).toEqual({ successes: 90, failures: 1_910, outputTokens: 0 });
});
