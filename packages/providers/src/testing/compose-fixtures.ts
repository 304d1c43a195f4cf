/** Puts together what a server of OpenAI's protocol writes, from the parts in which such servers differ. */
import type { Usage } from "@switchyard/metering/meters";
import type { ProviderFixtures } from "../conformance/provider-fixtures.ts";

export interface FixtureParts {
  /** Members that every chunk begins with, as JSON text without braces. */
  readonly chunkHead: string;
  /** The same of a complete answer. */
  readonly answerHead: string;
  /** Choices of the chunks before the finish. */
  readonly deltas: readonly string[];
  /** The choice of the finish chunk, and what the vendor adds behind its choices. */
  readonly finish: string;
  readonly finishTail?: string;
  /** What the vendor adds behind the choices of every other chunk. */
  readonly deltaTail?: string;
  /** Choices of the chunk that carries usage; null where none of its own does. */
  readonly usageChoices: string | null;
  readonly endsWithDone?: boolean;
  readonly message: string;
  readonly refusal?: string;
  readonly emptyMessage: string;
  readonly choiceTail?: string;
  /** As JSON text, and as the meters that it comes to. */
  readonly usageJson: string;
  readonly usage: Usage;
  readonly embeddings?: ProviderFixtures["embeddingsAnswer"];
  /** What follows some text in a stream that breaks. */
  readonly breaksWith: string;
  readonly brokenAs: ProviderFixtures["brokenStream"]["failure"];
  readonly failures: ProviderFixtures["failures"];
  readonly passthrough?: Partial<NonNullable<ProviderFixtures["passthrough"]>>;
}

export const quietRequest =
  '{ "messages":[{"role":"user","content":"hi"}],\t"model":"m", "x_unknown": 1e3, "context_length_exceeded_behavior":"error" }';

export function composeFixtures(parts: FixtureParts): ProviderFixtures {
  const { chunkHead, answerHead, usageJson, usage, usageChoices, choiceTail = "" } = parts;
  const chunk = (choices: string, tail = ""): string => `data: {${chunkHead},"choices":[${choices}]${tail}}\n\n`;
  const answer = (message: string): string =>
    `{${answerHead},"choices":[{"index":0,"message":${message},"finish_reason":"stop"${choiceTail}}],"usage":${usageJson}}`;
  const beforeFinish = parts.deltas.map((choice) => chunk(choice, parts.deltaTail)).join("");
  const untilFinish = beforeFinish + chunk(parts.finish, parts.finishTail);
  const usageChunk = usageChoices === null ? "" : chunk(usageChoices, `,"usage":${usageJson}`);
  const done = parts.endsWithDone === false ? "" : "data: [DONE]\n\n";
  return {
    passthrough: {
      request: quietRequest,
      asksForUsage: true,
      usageHasItsChunk: usageChoices === "",
      changedEvents: 0,
      ...parts.passthrough,
    },
    chatAnswer: { body: answer(parts.message), usage },
    refusal: answer(parts.refusal ?? '{"role":"assistant","content":null,"refusal":"I cannot help with that."}'),
    emptyAnswer: answer(parts.emptyMessage),
    ...(parts.embeddings === undefined ? {} : { embeddingsAnswer: parts.embeddings }),
    chatStream: { text: untilFinish + usageChunk + done, wholeAt: untilFinish.trimEnd().length },
    brokenStream: { text: beforeFinish + parts.breaksWith, failure: parts.brokenAs },
    failures: parts.failures,
  };
}
