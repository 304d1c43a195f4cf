/**
 * Makes answers readable for clients of OpenAI where a server writes them otherwise. What is as OpenAI writes it stays byte
 * for byte; the rest is changed in place, and only in what a client would misread (wire formats 1.3, 1.5, 1.8 and 3).
 */
import type { Citation } from "../../events/model-event.ts";
import { isFields } from "../../json/field-reader.ts";
import { deltaOf } from "../delta-of.ts";
import { isUnfinished, openAiFinish } from "../finish-reason.ts";
import { readSources } from "../read-sources.ts";
import { shapeAnnotations } from "./annotation-shape.ts";
import { annotate, dropEmptyUsage, fillFinish, fillId, mapFinish, seedOf } from "./choice-shape.ts";
import { flattenContent } from "./content-parts.ts";
import { reshapeLogprobs } from "./logprobs-shape.ts";
import { ToolFragments } from "./tool-fragments.ts";

type Fields = Record<string, unknown>;

/** `nothing`: the chunk tells a client nothing, or something that only confuses it. */
export type Repair = "same" | "changed" | "nothing";

export class AnswerRepair {
  /** By choice index. */
  readonly #calls = new Map<number, ToolFragments>();
  readonly #begun = new Set<number>();
  readonly #finished = new Set<number>();
  #filteredLate = false;
  #broken = false;

  /** A filter's verdict came in a chunk of its own: the answer was filtered, however it ended. */
  get isFilteredLate(): boolean {
    return this.#filteredLate;
  }

  /** The model called a tool with arguments that are no JSON, and no length limit is to blame. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** Repairs the choices of a chunk. */
  chunk(chunk: Fields): Repair {
    const isBare = dropEmptyUsage(chunk);
    const repair = this.#chunk(chunk);
    return repair === "same" && isBare ? "changed" : repair;
  }

  #chunk(chunk: Fields): Repair {
    const { choices } = chunk;
    if (!Array.isArray(choices)) {
      if (!isFields(chunk["usage"])) return "nothing";
      chunk["choices"] = [];
      return "changed";
    }
    let isChanged = (choices.length > 0 || isFields(chunk["usage"])) && fillId(chunk);
    // A whole completion where a stream was asked for is its only chunk.
    if (chunk["object"] === "chat.completion") {
      chunk["object"] = "chat.completion.chunk";
      isChanged = true;
    }
    if (choices.length === 0) return isChanged ? "changed" : "same";
    const sources = readSources(chunk);
    const kept = (choices as readonly unknown[]).filter((choice, position) => {
      const repair = isFields(choice) ? this.#choice(choice, position, seedOf(chunk), sources) : "nothing";
      if (repair !== "same") isChanged = true;
      return repair !== "nothing";
    });
    chunk["choices"] = kept;
    if (kept.length === 0 && !isFields(chunk["usage"])) return "nothing";
    return isChanged ? "changed" : "same";
  }

  #choice(choice: Fields, position: number, seed: string, sources: readonly Citation[]): Repair {
    let isChanged = false;
    if (typeof choice["index"] !== "number") {
      choice["index"] = position;
      isChanged = true;
    }
    const index = choice["index"] as number;
    const told = choice["finish_reason"];
    const hasFinish = typeof told === "string" && !isUnfinished(told);
    const added = deltaOf(choice);
    if (added === null) {
      this.#noteLateFilter(choice["content_filter_results"]);
      if (!hasFinish) return "nothing";
    }
    const delta = added ?? {};
    if (choice["delta"] !== delta) {
      choice["delta"] = delta;
      delete choice["message"];
      isChanged = true;
    }
    if (this.#fillRole(index, delta) || fillFinish(choice)) isChanged = true;
    if (reshapeLogprobs(choice, delta)) isChanged = true;
    if (flattenContent(delta)) isChanged = true;
    if (shapeAnnotations(delta)) isChanged = true;
    const calls = this.#callsOf(index, seed);
    if (Array.isArray(delta["tool_calls"]) && calls.repair(delta["tool_calls"])) isChanged = true;
    if (!hasFinish) return isChanged ? "changed" : "same";
    if (this.#finished.has(index)) return repeatedFinish(choice, delta);
    this.#finished.add(index);
    if (annotate(delta, sources)) isChanged = true;
    return this.#finish(choice, delta, calls) || isChanged ? "changed" : "same";
  }

  #finish(choice: Fields, delta: Fields, calls: ToolFragments): boolean {
    const isCut = openAiFinish(String(choice["finish_reason"])) === "length";
    if (!isCut && !calls.areReadable) this.#broken = true;
    const missing = isCut ? [] : calls.missing();
    if (missing.length > 0) {
      const told: readonly unknown[] = Array.isArray(delta["tool_calls"]) ? delta["tool_calls"] : [];
      delta["tool_calls"] = [...told, ...missing];
    }
    return mapFinish(choice, calls.count > 0) || missing.length > 0;
  }

  /** The SDK's own helper refuses an answer that nobody said. */
  #fillRole(index: number, delta: Fields): boolean {
    if (this.#begun.has(index)) return false;
    this.#begun.add(index);
    if (typeof delta["role"] === "string" && delta["role"] !== "") return false;
    delta["role"] = "assistant";
    return true;
  }

  #noteLateFilter(results: unknown): void {
    if (!isFields(results)) return;
    if (Object.values(results).some((result) => isFields(result) && result["filtered"] === true)) {
      this.#filteredLate = true;
    }
  }

  #callsOf(index: number, seed: string): ToolFragments {
    const known = this.#calls.get(index);
    if (known !== undefined) return known;
    const calls = new ToolFragments(seed);
    this.#calls.set(index, calls);
    return calls;
  }
}

/** A choice ends once: what repeats it may only add to it. */
function repeatedFinish(choice: Fields, delta: Fields): Repair {
  choice["finish_reason"] = null;
  const { role: _role, ...rest } = delta;
  const isEmpty = Object.values(rest).every(
    (value) => value === null || value === "" || (Array.isArray(value) && value.length === 0),
  );
  return isEmpty ? "nothing" : "changed";
}
