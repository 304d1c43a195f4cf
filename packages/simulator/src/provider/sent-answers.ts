import { createHash } from "node:crypto";

/** What is known of the bytes that one attempt was sent. */
export interface SentPrefix {
  readonly sentBytes: number;
  /** Hexadecimal SHA-256 of the first bytes; null where fewer than asked for were sent. */
  readonly sha256: string | null;
}

/**
 * The bodies that attempts were sent, so that somebody else can tell whether a client got the beginning of one of them.
 * Bounded in bytes, the oldest forgotten first; with a bound of 0 nothing is kept.
 */
export class SentAnswers {
  readonly #mostBytes: number;
  readonly #answers = new Map<string, Buffer[]>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Where to tell the pieces of an answer; undefined when they are not kept. */
  recorderOf(attemptId: string | null): ((piece: string | Uint8Array) => void) | undefined {
    if (this.#mostBytes === 0 || attemptId === null) return undefined;
    const pieces: Buffer[] = [];
    this.#answers.set(attemptId, pieces);
    return (piece) => {
      // The same array while it is kept: what was forgotten stays forgotten.
      if (this.#answers.get(attemptId) !== pieces) return;
      const bytes = Buffer.from(piece);
      pieces.push(bytes);
      this.#bytes += bytes.length;
      while (this.#bytes > this.#mostBytes) this.#forgetOldest();
    };
  }

  /** Null for an attempt that nothing is kept of. */
  prefixOf(attemptId: string, bytes: number): SentPrefix | null {
    const pieces = this.#answers.get(attemptId);
    if (pieces === undefined) return null;
    const sent = Buffer.concat(pieces);
    if (sent.length < bytes) return { sentBytes: sent.length, sha256: null };
    return { sentBytes: sent.length, sha256: createHash("sha256").update(sent.subarray(0, bytes)).digest("hex") };
  }

  clear(): void {
    this.#answers.clear();
    this.#bytes = 0;
  }

  #forgetOldest(): void {
    for (const [attemptId, pieces] of this.#answers) {
      this.#answers.delete(attemptId);
      for (const piece of pieces) this.#bytes -= piece.length;
      return;
    }
  }
}
