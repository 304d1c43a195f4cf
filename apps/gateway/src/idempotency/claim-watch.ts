import { setTimeout as sleep } from "node:timers/promises";
import type { ClaimStore, StoredClaim } from "./claim.repository.ts";

const pauseMs = 200;

interface Watched {
  readonly claimKey: Buffer;
  readonly ended: Promise<StoredClaim | null>;
  readonly resolve: (claim: StoredClaim | null) => void;
  followers: number;
}

/** Waits for calls of other processes: one question for all of them, five times a second, while anybody waits. */
export class ClaimWatch {
  readonly #store: ClaimStore;
  readonly #watched = new Map<string, Watched>();
  #isWatching = false;

  constructor(store: ClaimStore) {
    this.#store = store;
  }

  /** Resolves when the call has ended; null where its key was freed. `leave` when the follower gives up. */
  follow(claimKey: Buffer): { readonly ended: Promise<StoredClaim | null>; leave(): void } {
    const id = claimKey.toString("hex");
    const watched = this.#watched.get(id) ?? newWatched(claimKey);
    watched.followers += 1;
    this.#watched.set(id, watched);
    if (!this.#isWatching) void this.#watch();
    const leave = (): void => {
      watched.followers -= 1;
      if (watched.followers === 0 && this.#watched.get(id) === watched) this.#watched.delete(id);
    };
    return { ended: watched.ended, leave };
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    while (this.#watched.size > 0) {
      await sleep(pauseMs, null, { ref: false });
      await this.#look([...this.#watched]);
    }
    this.#isWatching = false;
  }

  async #look(watched: readonly (readonly [string, Watched])[]): Promise<void> {
    if (watched.length === 0) return;
    try {
      const found = await this.#store.look(watched.map(([, { claimKey }]) => claimKey));
      for (const [id, { resolve }] of watched) {
        const claim = found.get(id) ?? null;
        if (claim?.state === "running") continue;
        this.#watched.delete(id);
        resolve(claim);
      }
    } catch {
      // The database is away: whoever waits goes on waiting, as long as its client does.
    }
  }
}

function newWatched(claimKey: Buffer): Watched {
  const { promise: ended, resolve } = Promise.withResolvers<StoredClaim | null>();
  return { claimKey, ended, resolve, followers: 0 };
}
