import fc from "fast-check";
import { expect, test } from "vitest";
import { SlidingCounts } from "./sliding-counts.ts";

test("counts exactly what lies in the window, kind by kind, whatever the gaps", () => {
  const step = fc.record({ kind: fc.nat(2), afterMs: fc.oneof(fc.nat(30), fc.nat(500)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(400), (steps, restMs) => {
      const counts = new SlidingCounts(3, 10, 10);
      const added: { kind: number; atMs: number }[] = [];
      let nowMs = 0;
      for (const { kind, afterMs } of steps) {
        nowMs += afterMs;
        counts.add(kind, nowMs);
        added.push({ kind, atMs: nowMs });
      }
      nowMs += restMs;
      const from = (Math.floor(nowMs / 10) - 9) * 10;
      for (const kind of [0, 1, 2]) {
        expect(counts.sum(kind, nowMs)).toBe(added.filter((each) => each.kind === kind && each.atMs >= from).length);
      }
    }),
  );
});
