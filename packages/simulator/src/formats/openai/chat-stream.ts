import type { Answer, ChoiceContent } from "../../answer/answer.ts";
import { splitByTokens } from "../../text/count-tokens.ts";
import type { AnswerChunk, AnswerContext } from "../wire-format.ts";
import { completionHead, FINISH_REASONS } from "./chat-completion.ts";
import { encodeUsage } from "./usage.ts";

/**
 * The events of a streamed chat completion, in OpenAI's order: for every choice its role, then the contents of all
 * choices in turn, then for every choice its finish with an empty delta, then the usage with no choices (if asked
 * for), then `[DONE]`. With usage asked for, every earlier event says `"usage": null`.
 */
export function* encodeChatStream(
  answer: Answer,
  model: string,
  context: AnswerContext,
  asksForUsage: boolean,
): Generator<AnswerChunk> {
  const { plan } = context;
  const reportsUsage = asksForUsage && plan.reportsUsageInStreams;
  const head = JSON.stringify(completionHead("chat.completion.chunk", model, context)).slice(0, -1);
  const tail = reportsUsage ? `],"usage":null}\n\n` : "]}\n\n";
  const event = (index: number, delta: object, finishReason: string | null): string =>
    `data: ${head},"choices":[{"index":${index},"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}${tail}`;

  let generatedTokens = 0;
  for (const [index, { content }] of answer.choices.entries()) {
    yield { text: event(index, firstDelta(content), null), generatedTokens };
  }

  // The model has thought before its first visible token.
  generatedTokens = answer.tokens.reasoning;
  let unfinished = answer.choices.map(({ content }, index) => ({
    index,
    content,
    pieces: splitByTokens(content.text, plan.chunkTokens),
  }));
  while (unfinished.length > 0) {
    const stillUnfinished: typeof unfinished = [];
    for (const choice of unfinished) {
      const next = choice.pieces.next();
      if (next.done) continue;
      generatedTokens += next.value.tokens;
      yield { text: event(choice.index, contentDelta(choice.content, next.value.text), null), generatedTokens };
      stillUnfinished.push(choice);
    }
    unfinished = stillUnfinished;
  }

  for (const [index, { finish }] of answer.choices.entries()) {
    yield { text: event(index, {}, FINISH_REASONS[finish]), generatedTokens };
  }
  if (reportsUsage) {
    const usage = JSON.stringify({ usage: encodeUsage(answer.tokens, plan) }).slice(1, -1);
    yield { text: `data: ${head},"choices":[]${usage === "" ? "" : `,${usage}`}}\n\n`, generatedTokens };
  }
  yield { text: "data: [DONE]\n\n", generatedTokens };
}

function firstDelta(content: ChoiceContent): object {
  switch (content.kind) {
    case "text":
      return { role: "assistant", content: "", refusal: null };
    case "refusal":
      return { role: "assistant", content: null, refusal: "" };
    case "tool_call": {
      const call = {
        index: 0,
        id: content.callId,
        type: "function",
        function: { name: content.toolName, arguments: "" },
      };
      return { role: "assistant", content: null, tool_calls: [call], refusal: null };
    }
  }
}

function contentDelta(content: ChoiceContent, text: string): object {
  switch (content.kind) {
    case "text":
      return { content: text };
    case "refusal":
      return { refusal: text };
    case "tool_call":
      return { tool_calls: [{ index: 0, function: { arguments: text } }] };
  }
}
