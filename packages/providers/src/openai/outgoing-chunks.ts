/** What of a chunk is sent to the client: the event itself, unless a client would misread it or did not ask for it. */
import { openAiUsage } from "../clients/chat-completions/write-usage.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { UsageReading } from "../provider-codec.ts";
import type { StreamEvent } from "../sse/event-stream.ts";
import type { CompletionFacts } from "./completion-facts.ts";
import type { OpenAiDialect } from "./dialect.ts";
import { type OutgoingEvent, writeChunk } from "./held-ending.ts";
import { readOpenAiUsage } from "./read-usage.ts";
import { AnswerRepair } from "./repair/answer-repair.ts";
import { reshapeUsage } from "./repair/usage-shape.ts";

export class OutgoingChunks {
  readonly #forwardUsage: boolean;
  readonly #dialect: OpenAiDialect;
  readonly #repair: AnswerRepair | null;
  /** What chunks begin with, for one that has to be added. */
  #head: object = {};
  #usageWasSent = false;
  /** Indexes of choices. */
  readonly #begun = new Set<number>();

  constructor(forwardUsage: boolean, dialect: OpenAiDialect) {
    this.#forwardUsage = forwardUsage;
    this.#dialect = dialect;
    this.#repair = dialect.repairsAnswers ? new AnswerRepair() : null;
  }

  /** The answer has to end as filtered, whatever finish was told. */
  get isFilteredLate(): boolean {
    return this.#repair?.isFilteredLate === true;
  }

  /** The model called a tool with arguments that are no JSON. */
  get isBroken(): boolean {
    return this.#repair?.isBroken === true;
  }

  of(event: StreamEvent, facts: CompletionFacts): OutgoingEvent | null {
    const hasUsage = facts.usage !== undefined;
    if (hasUsage && facts.choices?.length === 0 && !this.#forwardUsage) return null;
    const hasFinish = facts.choices?.some(({ finishReason }) => finishReason !== null) === true;
    if (this.#repair === null) return event;
    const hasBeginning = this.#hasBeginning(facts);
    if (!(facts.needsLook || hasUsage || hasFinish || hasBeginning)) return event;
    return this.#repaired(event, this.#repair);
  }

  /** Whether a choice begins in it, so that it has to say who speaks. */
  #hasBeginning({ choices }: CompletionFacts): boolean {
    let hasBeginning = false;
    for (const { index } of choices ?? []) {
      if (this.#begun.has(index)) continue;
      this.#begun.add(index);
      hasBeginning = true;
    }
    return hasBeginning;
  }

  /** Usage that came somewhere else than where clients look for it, as the chunk that they asked for. */
  missingUsage(reading: UsageReading | null): Uint8Array | null {
    if (this.#repair === null || !this.#forwardUsage || this.#usageWasSent || reading?.kind !== "usable") return null;
    return writeChunk({ ...this.#head, choices: [], usage: openAiUsage(reading.usage) });
  }

  #repaired(event: StreamEvent, repair: AnswerRepair): OutgoingEvent | null {
    const { data } = event;
    const read = data && readJsonObject(data.bytes.subarray(data.start, data.end));
    if (read === null) return event;
    const chunk: Record<string, unknown> = { ...read };
    const outcome = repair.chunk(chunk);
    const { id, object, created, model } = chunk;
    this.#head = { id, object, created, model };
    if (outcome === "nothing") return null;
    const isReshaped = this.#reshapeUsage(chunk);
    if (saysNothingElse(chunk) && !this.#forwardUsage) return null;
    return outcome === "changed" || isReshaped ? writeChunk(chunk) : event;
  }

  #reshapeUsage(chunk: Record<string, unknown>): boolean {
    const { usage: reported } = chunk;
    if (reported === undefined || reported === null) return false;
    this.#usageWasSent = true;
    const usage = reshapeUsage(reported, readOpenAiUsage(reported, "chat", this.#dialect.usage));
    if (usage === null) return false;
    chunk["usage"] = usage;
    return true;
  }
}

function saysNothingElse({ usage, choices }: Readonly<Record<string, unknown>>): boolean {
  return usage !== undefined && usage !== null && Array.isArray(choices) && choices.length === 0;
}
