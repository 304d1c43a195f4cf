import type { Logger } from "@switchyard/telemetry/logger";
import type { IssuedCredential, IssuedSecret, LongLivedCredential } from "./exchange-credential.ts";

/** Asks for a new credential. Rejects where none is to be had. */
export type Exchange = (credential: LongLivedCredential, nowMs: number) => Promise<IssuedCredential>;

/** Renewed while it is still good, so that no request waits for it. */
const renewBeforeMs = 300_000;
/** One this close to its end is not sent: it may be over when it arrives. */
const leastRemainingMs = 10_000;
/** How long an exchange that failed is not tried again. */
const restMs = 15_000;

interface Entry {
  issued: IssuedCredential | null;
  pending: Promise<IssuedSecret | null> | null;
  restUntilMs: number;
}

/**
 * Short-lived credentials by the id of the secret that they were issued for. One exchange at a time for each; the valid
 * one is at hand without waiting, and is renewed ahead of its end in the background.
 */
export class IssuedCredentials {
  readonly #exchange: Exchange;
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();

  constructor(exchange: Exchange, logger: Logger) {
    this.#exchange = exchange;
    this.#logger = logger;
  }

  /** What to send now; a promise only where nothing valid is at hand; null where nothing can be had for the moment. */
  get(
    credentialId: string,
    credential: LongLivedCredential,
    nowMs: number,
  ): IssuedSecret | null | Promise<IssuedSecret | null> {
    const entry = this.#entryOf(credentialId);
    const remainingMs = (entry.issued?.expiresAtMs ?? 0) - nowMs;
    const mayAsk = entry.pending === null && nowMs >= entry.restUntilMs;
    if (remainingMs < renewBeforeMs && mayAsk) {
      const pending = this.#renew(entry, credentialId, credential, nowMs);
      entry.pending = pending;
      void pending.finally(() => (entry.pending = null));
    }
    if (entry.issued !== null && remainingMs >= leastRemainingMs) return entry.issued.secret;
    return entry.pending;
  }

  /** Forgets what was issued for secrets that policy no longer has. */
  keepOnly(credentialIds: ReadonlySet<string>): void {
    for (const id of this.#entries.keys()) if (!credentialIds.has(id)) this.#entries.delete(id);
  }

  #entryOf(credentialId: string): Entry {
    const known = this.#entries.get(credentialId);
    if (known !== undefined) return known;
    const entry: Entry = { issued: null, pending: null, restUntilMs: 0 };
    this.#entries.set(credentialId, entry);
    return entry;
  }

  async #renew(
    entry: Entry,
    credentialId: string,
    credential: LongLivedCredential,
    nowMs: number,
  ): Promise<IssuedSecret | null> {
    try {
      entry.issued = await this.#exchange(credential, nowMs);
      return entry.issued.secret;
    } catch (error) {
      entry.restUntilMs = nowMs + restMs;
      const fault = error instanceof Error ? error.name : "unknown";
      this.#logger.warn({ credentialId, fault }, "a short-lived credential could not be had");
      return null;
    }
  }
}
