/**
 * Stop sequences, for providers that take none, or fewer than were asked for: the text is cut here. What the provider
 * goes on to write is read to its end, since it is billed, and told to nobody.
 */
import type { ModelEvent } from "../events/model-event.ts";
import type { AnswerStage } from "./answer-stage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The sequences that the gateway has to cut at by itself, if the provider takes `most`: all of them, or none. */
export function stopsToCut({ stop, stop_sequences: sequences }: Fields, most: number): readonly string[] {
  const given = sequences ?? stop;
  const asked = (Array.isArray(given) ? given : [given]).filter((text) => typeof text === "string" && text !== "");
  return asked.length > most ? (asked as string[]) : [];
}

export class StopSequences implements AnswerStage {
  readonly #stops: readonly string[];
  /** Text that may be the beginning of a sequence. */
  #held = "";
  #isCut = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  take(event: ModelEvent): readonly ModelEvent[] {
    if (this.#isCut) return ["usage", "end", "failure"].includes(event.type) ? [event] : [];
    switch (event.type) {
      case "text":
        return this.#addText(event.text);
      case "start":
      case "usage":
      case "reasoning":
      case "logprobs":
      case "citation":
        return [event];
      default: {
        const held = this.#held;
        this.#held = "";
        return held === "" ? [event] : [{ type: "text", text: held }, event];
      }
    }
  }

  #addText(added: string): readonly ModelEvent[] {
    const text = this.#held + added;
    // The one that is whole first, so that it does not matter how the text was cut into pieces; of two, the longer.
    const found = this.#stops
      .map((stop) => ({ stop, at: text.indexOf(stop) }))
      .filter(({ at }) => at >= 0)
      .toSorted((left, right) => left.at + left.stop.length - (right.at + right.stop.length) || left.at - right.at)[0];
    if (found !== undefined) {
      this.#isCut = true;
      return [...textOf(text.slice(0, found.at)), { type: "finish", reason: "stop", stopSequence: found.stop }];
    }
    const ready = text.length - Math.max(...this.#stops.map((stop) => overlap(text, stop)));
    this.#held = text.slice(ready);
    return textOf(text.slice(0, ready));
  }
}

function textOf(text: string): readonly ModelEvent[] {
  return text === "" ? [] : [{ type: "text", text }];
}

/** The length of the longest end of `text` that `stop` begins with. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
