import type { Answer, ChoiceContent } from "../../answer/answer.ts";
import type { TokenCounts } from "../../answer/token-counts.ts";
import type { AnswerPlan } from "../../behaviour/plan-call.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import type { AnswerContext } from "../wire-format.ts";

/** What is shown of thinking; its length has nothing to do with the tokens that were thought. */
export const THOUGHT = "Let me think about what is asked.";

const LATENCY_MS = 1;

/** The JSON body of a Converse answer. */
export function encodeConverse(answer: Answer, context: AnswerContext): string {
  const thought = { reasoningText: { text: THOUGHT, signature: signatureOf(context) } };
  const content = [
    ...(answer.tokens.reasoning > 0 ? [{ reasoningContent: thought }] : []),
    ...answer.choices.flatMap((choice) => blocksOf(choice.content)),
  ];
  return JSON.stringify({
    metrics: { latencyMs: LATENCY_MS },
    output: { message: { content, role: "assistant" } },
    stopReason: stopReasonOf(answer),
    ...encodeUsage(answer.tokens, context.plan),
  });
}

/** What a guardrail says instead of a refused answer stands where the model's words would. */
function blocksOf(content: ChoiceContent): object[] {
  if (content.kind === "tool_call") {
    return [
      { toolUse: { input: parseWhole(content.text), name: content.toolName, toolUseId: toolUseId(content.callId) } },
    ];
  }
  return content.text === "" ? [] : [{ text: content.text }];
}

export function toolUseId(callId: string): string {
  return callId.replace(/^call_/, "tooluse_");
}

export function signatureOf({ modelSeed }: AnswerContext): string {
  return Buffer.from(modelSeed.buffer).toString("base64");
}

export function stopReasonOf({ choices: [choice] }: Answer): string {
  if (choice?.content.kind === "refusal") return "guardrail_intervened";
  switch (choice?.finish) {
    case "length":
      return "max_tokens";
    case "tool_call":
      return "tool_use";
    case "content_filter":
      return "content_filtered";
    case "stop":
    case undefined:
      return "end_turn";
  }
}

/** What came from the cache is not part of the input, and is told under two names. Thoughts are part of the output. */
export function encodeUsage(tokens: TokenCounts, { malformedUsage }: AnswerPlan): object {
  if (malformedUsage === "missing") return {};
  const count = (value: number): number | string | null => reportedCount(value, malformedUsage);
  const { input, cachedInput } = tokens;
  const output = tokens.output + tokens.reasoning;
  return {
    usage: {
      cacheReadInputTokenCount: count(cachedInput),
      cacheReadInputTokens: count(cachedInput),
      cacheWriteInputTokenCount: 0,
      cacheWriteInputTokens: 0,
      inputTokens: count(input),
      outputTokens: count(output),
      totalTokens: count(input + cachedInput + output),
    },
  };
}

/** Arguments that the limit has cut are no JSON; a whole message then holds none of them. */
function parseWhole(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
