import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LocalLease } from "./local-lease.ts";

const lease = () => new LocalLease({ leaseId: "lease", windowStartMs: 0, endsAt: Infinity });

describe("LocalLease", () => {
  it("holds what it has and no more", () => {
    const local = lease();
    local.grant(10n);
    expect(local.hold(7n)).toBe(true);
    expect(local.hold(4n)).toBe(false);
    expect([local.balance, local.held]).toEqual([3n, 7n]);
    expect(local.hold(3n)).toBe(true);
    expect(local.balance).toBe(0n);
  });

  it("frees what a hold did not use", () => {
    const local = lease();
    local.grant(10n);
    local.hold(8n);
    local.close(8n, 3n);
    expect([local.balance, local.held, local.used]).toEqual([7n, 0n, 3n]);
  });

  it("takes use beyond a hold from the balance, and owes the rest to the next grant", () => {
    const local = lease();
    local.grant(10n);
    local.hold(8n);
    local.close(8n, 15n);
    expect([local.balance, local.debt]).toEqual([0n, 5n]);
    local.grant(3n);
    expect([local.balance, local.debt]).toEqual([0n, 2n]);
    local.grant(6n);
    expect([local.balance, local.debt]).toEqual([4n, 0n]);
  });

  it("is low when less than a quarter of the last grant is left", () => {
    const local = lease();
    local.grant(8n);
    local.hold(6n);
    expect(local.isLow).toBe(false);
    local.hold(1n);
    expect(local.isLow).toBe(true);
  });

  it("neither makes nor loses anything", () => {
    const amount = fc.bigInt({ min: 0n, max: 1_000n });
    const step = fc.record({ kind: fc.constantFrom("grant", "hold", "close", "return"), amount });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const local = lease();
        const open: bigint[] = [];
        let granted = 0n;
        let charged = 0n;
        let returned = 0n;
        for (const { kind, amount: of } of steps) {
          if (kind === "grant") {
            local.grant(of);
            granted += of;
          } else if (kind === "hold" && local.hold(of)) {
            open.push(of);
          } else if (kind === "close") {
            const held = open.pop();
            if (held === undefined) continue;
            local.close(held, of);
            charged += of;
          } else if (kind === "return") {
            returned += local.takeIdle();
          }
          const held = open.reduce((sum, one) => sum + one, 0n);
          expect(local.held).toBe(held);
          expect(local.balance >= 0n && local.debt >= 0n).toBe(true);
          expect(local.balance === 0n || local.debt === 0n).toBe(true);
          expect(local.balance + held + charged + returned - local.debt).toBe(granted);
        }
      }),
    );
  });
});
