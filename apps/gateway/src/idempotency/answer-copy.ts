/** How much of other people's answers this process may hold for retries, all calls together. */
export class CopyRoom {
  #freeBytes: number;

  constructor(bytes: number) {
    this.#freeBytes = bytes;
  }

  tryTake(bytes: number): boolean {
    if (bytes > this.#freeBytes) return false;
    this.#freeBytes -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#freeBytes += bytes;
  }
}

export interface CopiedAnswer {
  readonly contentType: string;
  readonly body: Buffer;
}

const mostBytes = 4 * 1024 * 1024;

/** What goes to the client of a call, kept beside until the call has ended; given up where it grows too large. */
export class AnswerCopy {
  readonly #room: CopyRoom;
  #contentType = "application/octet-stream";
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isGivenUp = false;

  constructor(room: CopyRoom) {
    this.#room = room;
  }

  begin(contentType: string): void {
    this.#contentType = contentType;
  }

  add(bytes: Uint8Array | string): void {
    if (this.#isGivenUp) return;
    const chunk = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    if (this.#bytes + chunk.byteLength > mostBytes || !this.#room.tryTake(chunk.byteLength)) {
      this.drop();
      this.#isGivenUp = true;
      return;
    }
    this.#bytes += chunk.byteLength;
    this.#chunks.push(chunk);
  }

  /** Everything so far; null where it was given up. */
  get whole(): CopiedAnswer | null {
    return this.#isGivenUp ? null : { contentType: this.#contentType, body: Buffer.concat(this.#chunks) };
  }

  /** To be called once nobody needs it any more. */
  drop(): void {
    this.#room.giveBack(this.#bytes);
    this.#bytes = 0;
    this.#chunks = [];
  }
}
