/**
 * Counts tokens on a thread of its own: loading an encoding takes a second and tens of megabytes, and one word of hostile
 * length takes time that grows with its square.
 */
import { parentPort } from "node:worker_threads";
import type { Encoding } from "./tokenizer-of-model.ts";

export interface CountingTask {
  readonly id: number;
  readonly encoding: Encoding;
  readonly texts: readonly string[];
}

export interface CountingResult {
  readonly id: number;
  readonly tokens: number;
}

type Count = (text: string, options: { disallowedSpecial: Set<string> }) => number;

const encodings: Readonly<Record<Encoding, () => Promise<{ readonly countTokens: unknown }>>> = {
  o200k_base: () => import("gpt-tokenizer/encoding/o200k_base"),
  cl100k_base: () => import("gpt-tokenizer/encoding/cl100k_base"),
};

/** A text is cut into pieces of this length; each cut adds a token at most. */
const longestPiece = 2_000;
const everythingIsText = { disallowedSpecial: new Set<string>() };

parentPort?.on("message", (task: CountingTask) => void count(task));

async function count({ id, encoding, texts }: CountingTask): Promise<void> {
  const { countTokens } = await encodings[encoding]();
  let tokens = 0;
  for (const text of texts) {
    for (let start = 0; start < text.length; start += longestPiece) {
      tokens += (countTokens as Count)(text.slice(start, start + longestPiece), everythingIsText);
    }
  }
  parentPort?.postMessage({ id, tokens } satisfies CountingResult);
}
