import type { Logprob, TokenLogprob } from "../../events/model-event.ts";

/** The `logprobs` of a choice: null where none were told. */
export function chatLogprobs(tokens: readonly TokenLogprob[]): object | null {
  return tokens.length === 0 ? null : { content: tokens.map(writeToken), refusal: null };
}

/** A token as both of OpenAI's protocols list it. */
export function writeToken({ top, ...told }: TokenLogprob): object {
  return { ...writeLogprob(told), top_logprobs: top.map(writeLogprob) };
}

function writeLogprob({ token, logprob, bytes }: Logprob): object {
  return { token, logprob, bytes };
}
