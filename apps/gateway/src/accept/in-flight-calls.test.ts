import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { Call } from "./call.ts";
import { InFlightCalls } from "./in-flight-calls.ts";

function call(isStream = false): Call {
  return { seat: null, isStream, isLastOnConnection: false } as Call;
}

describe("InFlightCalls", () => {
  it("counts the calls that came and have not gone, in whatever order, and each once", () => {
    const comings = fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.nat()), { maxLength: 200 });
    fc.assert(
      fc.property(comings, (steps) => {
        const inFlight = new InFlightCalls(1_000);
        const expected: Call[] = [];
        for (const [isComing, isStream, position] of steps) {
          if (isComing || expected.length === 0) {
            const coming = call(isStream);
            inFlight.add(coming);
            expected.push(coming);
          } else {
            const [going] = expected.splice(position % expected.length, 1);
            if (going === undefined) throw new Error("nobody goes");
            inFlight.remove(going);
            inFlight.remove(going);
          }
          expect(inFlight.count).toBe(expected.length);
          expect(inFlight.streams).toBe(expected.filter((left) => left.isStream).length);
        }
      }),
    );
  });

  it("refuses what is too much, and takes one when one has gone", () => {
    const inFlight = new InFlightCalls(1);
    const first = call();
    const second = call();
    inFlight.add(first);
    expect(() => inFlight.add(second)).toThrow("limit of concurrent calls");
    inFlight.remove(second);
    expect(inFlight.count).toBe(1);
    inFlight.remove(first);
    inFlight.add(second);
    expect(inFlight.count).toBe(1);
  });

  it("says when the last call has gone, or how many have not", async () => {
    const inFlight = new InFlightCalls(10);
    const calls = [call(), call()];
    for (const coming of calls) inFlight.add(coming);
    expect(await inFlight.whenEmpty(1)).toBe(2);
    const empty = inFlight.whenEmpty(60_000);
    for (const going of calls) inFlight.remove(going);
    expect(await empty).toBe(0);
    inFlight.startDraining();
    const late = call();
    inFlight.add(late);
    expect(late.isLastOnConnection).toBe(true);
  });
});
