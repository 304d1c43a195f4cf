import type { ClaimEnd, ClaimStore, StoredClaim } from "../../src/idempotency/claim.repository.ts";

/** What the database keeps of claims, without the database. */
export class InMemoryClaims implements ClaimStore {
  readonly claims = new Map<string, StoredClaim>();
  isAway = false;

  async take(claimKey: Buffer, requestId: string, requestDigest: string): Promise<StoredClaim | null> {
    this.#requirePresence();
    const id = claimKey.toString("hex");
    const nothing = { errorCode: null, contentType: null, sealedAnswer: null };
    const taken = this.claims.get(id) ?? { requestId, requestDigest, state: "running" as const, ...nothing };
    this.claims.set(id, taken);
    return taken;
  }

  async look(claimKeys: readonly Buffer[]): Promise<ReadonlyMap<string, StoredClaim>> {
    this.#requirePresence();
    const wanted = claimKeys.map((claimKey) => claimKey.toString("hex"));
    return new Map([...this.claims].filter(([id]) => wanted.includes(id)));
  }

  async end({ claimKey, requestId, outcome }: ClaimEnd): Promise<void> {
    this.#requirePresence();
    const id = claimKey.toString("hex");
    const taken = this.claims.get(id);
    if (taken?.requestId !== requestId || taken.state !== "running") return;
    if (outcome === null) this.claims.delete(id);
    else this.claims.set(id, { ...taken, ...outcome });
  }

  #requirePresence(): void {
    if (this.isAway) throw new Error("the database is away");
  }
}
