import type { ServerResponse } from "node:http";
import type { AnswerChunk } from "../formats/wire-format.ts";
import type { Delivery, DeliveryResult } from "./delivery.ts";

/** Timers are no finer than this; what is due sooner is sent at once. */
const TIMER_GRAIN_MS = 1;
/** Timers cannot run longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Sends a response at its pace, breaks it off where it has to, and reports once, when the connection is done with it.
 * Honours back-pressure: no chunk is made while the client does not read.
 */
export function deliver(response: ServerResponse, delivery: Delivery, onEnd: (result: DeliveryResult) => void): void {
  new Sender(response, delivery, onEnd).start();
}

class Sender {
  readonly #response: ServerResponse;
  readonly #delivery: Delivery;
  readonly #onEnd: (result: DeliveryResult) => void;
  #chunks: Iterator<AnswerChunk> = [][Symbol.iterator]();
  #waitingChunk: AnswerChunk | undefined;
  #timer: NodeJS.Timeout | undefined;
  #bodyStartedMs = 0;
  #sentChunks = 0;
  #sentBytes = 0;
  #generatedTokens = 0;
  #brokenOffAs: DeliveryResult["outcome"] | undefined;

  constructor(response: ServerResponse, delivery: Delivery, onEnd: (result: DeliveryResult) => void) {
    this.#response = response;
    this.#delivery = delivery;
    this.#onEnd = onEnd;
  }

  start(): void {
    // The response's own "close" is the only event that always comes, once, whoever ends the exchange.
    this.#response.once("close", () => this.#end());
    this.#after(this.#delivery.delayMs, () => this.#sendHead());
  }

  #end(): void {
    clearTimeout(this.#timer);
    const completed = this.#response.writableFinished ? this.#delivery.outcome : "aborted_by_client";
    this.#onEnd({
      status: this.#response.headersSent ? this.#delivery.status : null,
      outcome: this.#brokenOffAs ?? completed,
      generatedTokens: this.#generatedTokens,
    });
  }

  #sendHead(): void {
    const { status, headers, body, firstByteDelayMs, interruption } = this.#delivery;
    const head = headers();
    const bodyBytes = typeof body === "string" ? Buffer.byteLength(body) : 0;
    if (typeof body === "string") head.push("content-length", String(bodyBytes));
    this.#response.writeHead(status, head);
    if (typeof body === "string" && firstByteDelayMs === 0 && interruption === undefined) {
      // Head and body leave in one write.
      this.#generatedTokens = Number.POSITIVE_INFINITY;
      this.#delivery.onBodyPiece?.(body);
      // As many bytes as characters means ASCII, which is the same in Latin-1, and that is the cheaper encoding to write.
      this.#response.end(body, bodyBytes === body.length ? "latin1" : "utf8");
      return;
    }
    this.#chunks = (typeof body === "string" ? [{ text: body, generatedTokens: Number.POSITIVE_INFINITY }] : body)[
      Symbol.iterator
    ]();
    if (firstByteDelayMs > 0) this.#response.flushHeaders();
    this.#after(firstByteDelayMs, () => {
      this.#bodyStartedMs = performance.now();
      this.#sendChunks();
    });
  }

  #sendChunks(): void {
    while (!this.#isBrokenOffHere()) {
      const chunk = this.#waitingChunk ?? this.#nextChunk();
      if (chunk === undefined) {
        this.#response.end();
        return;
      }
      const waitMs = this.#waitMs(chunk);
      if (waitMs >= TIMER_GRAIN_MS) {
        this.#waitingChunk = chunk;
        // Whoever waits for the first chunk must at least see the headers.
        if (this.#sentChunks === 0) this.#response.flushHeaders();
        this.#after(waitMs, () => this.#sendChunks());
        return;
      }
      this.#waitingChunk = undefined;
      if (!this.#sendChunk(chunk)) return;
    }
  }

  /** False when sending has to pause or is over. */
  #sendChunk({ text, generatedTokens }: AnswerChunk): boolean {
    const { interruption } = this.#delivery;
    this.#generatedTokens = generatedTokens;
    this.#sentChunks += 1;
    if (interruption?.kind === "cut_at_byte") {
      const bytes = Buffer.from(text);
      const allowed = interruption.afterBytes - this.#sentBytes;
      this.#sentBytes += bytes.length;
      if (bytes.length > allowed) {
        if (allowed > 0) this.#write(bytes.subarray(0, allowed));
        this.#cut();
        return false;
      }
    }
    if (this.#write(text)) return true;
    this.#response.once("drain", () => this.#sendChunks());
    return false;
  }

  #write(piece: string | Uint8Array): boolean {
    this.#delivery.onBodyPiece?.(piece);
    return this.#response.write(piece);
  }

  #isBrokenOffHere(): boolean {
    const { interruption } = this.#delivery;
    if (
      interruption === undefined ||
      interruption.kind === "cut_at_byte" ||
      interruption.afterChunks !== this.#sentChunks
    )
      return false;
    switch (interruption.kind) {
      case "cut":
        this.#cut();
        return true;
      case "clean_eof":
        this.#brokenOffAs = "ended_early";
        this.#response.end();
        return true;
      case "error_event":
        this.#brokenOffAs = "errored";
        this.#write(this.#delivery.errorEvent());
        this.#response.end();
        return true;
      case "stall":
        this.#response.flushHeaders();
        return true;
    }
  }

  /** Closes the connection without ending the response, after what was written so far has left. */
  #cut(): void {
    this.#brokenOffAs = "cut";
    this.#response.flushHeaders();
    const { socket } = this.#response;
    // What was written in this tick is held back to leave in one go, so closing has to come after it.
    setImmediate(() => socket?.destroySoon());
  }

  #nextChunk(): AnswerChunk | undefined {
    const next = this.#chunks.next();
    return next.done === true ? undefined : next.value;
  }

  #waitMs({ generatedTokens }: AnswerChunk): number {
    const { tokensPerSecond } = this.#delivery;
    if (tokensPerSecond === 0) return 0;
    return this.#bodyStartedMs + (generatedTokens * 1_000) / tokensPerSecond - performance.now();
  }

  #after(delayMs: number, action: () => void): void {
    if (delayMs > 0) this.#timer = setTimeout(action, Math.min(delayMs, LONGEST_TIMER_MS));
    else action();
  }
}
