import type { ClientProtocol } from "../clients/client-protocol.ts";
import type { AnswerState } from "./answer-state.ts";

/** What an answer held that its client was not given, as `x-switchyard-warnings` says it. */
export function answerWarnings(
  { pictureSeen }: AnswerState,
  { hasPictures }: Pick<ClientProtocol, "hasPictures">,
): readonly string[] {
  return pictureSeen && !hasPictures ? ["picture_left_out"] : [];
}
