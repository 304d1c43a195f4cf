/** Judges a whole response and translates it: of each candidate what it says, of all of them what they used. */
import { stopsToCut } from "../emulation/stop-sequences.ts";
import { isEventStream, writeStreamedAnswer } from "../events/streamed-answer.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, CompleteResponse } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { GeminiDecoder } from "./decode-answer.ts";
import { mostStopSequences } from "./parameters.ts";

type Fields = Readonly<Record<string, unknown>>;
type Answer = Extract<CompleteResponse, { ok: true }>;

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };

export function readContent(body: Uint8Array, options: AnswerOptions): CompleteResponse {
  if (isEventStream(body)) {
    return writeStreamedAnswer(body, new GeminiDecoder(), options, stopsToCut(options.request, mostStopSequences));
  }
  const response = readJsonObject(body);
  if (response === null) return malformed;
  const { candidates } = response;
  if (!Array.isArray(candidates) || candidates.length < 2) return readCandidate(response, options);
  const answers = candidates.map((candidate: unknown) =>
    readCandidate({ ...response, candidates: [candidate] }, options),
  );
  const failed = answers.find(({ ok }) => !ok);
  return failed ?? joinAnswers(answers.filter((answer) => answer.ok));
}

function readCandidate(response: Fields, options: AnswerOptions): CompleteResponse {
  return writeAnswer(new GeminiDecoder().decode(response), options, stopsToCut(options.request, mostStopSequences));
}

/** Several were asked for by `n`, which only chat completions have: a choice each. */
function joinAnswers(answers: readonly Answer[]): CompleteResponse {
  const [first] = answers;
  if (first === undefined) return malformed;
  const bodies = answers.map(({ body }) => (body === null ? null : readJsonObject(body)));
  const choices = bodies.flatMap((body, index) => {
    const choice: unknown = Array.isArray(body?.["choices"]) ? body["choices"][0] : undefined;
    return isFields(choice) ? [{ ...choice, index }] : [];
  });
  return {
    ...first,
    body: encodeUtf8(JSON.stringify({ ...bodies[0], choices })),
    verdict: answers.find(({ verdict }) => verdict !== "complete")?.verdict ?? "complete",
    finishReasons: answers.flatMap(({ finishReasons }) => finishReasons),
    empty: answers.every(({ empty }) => empty),
  };
}
