import type { ThinkingSwitch } from "../openai/thinking-switch.ts";

/**
 * As Model Studio's guide to deep thinking has it: models think always (QwQ, QVQ, `-thinking`), by a switch, unless it is off
 * (those with weights that anyone may have, and all from Qwen 3.5 on), or never. Of those with a switch some refuse thoughts
 * outside streams, and only of Qwen3-VL and from Qwen 3.5 on it is documented that they do not. Its reference says of
 * `max_tokens` that it does not limit thoughts. Models of other makers get the effort as it is.
 */
export const qwenThinking: ThinkingSwitch = {
  switchMember: "enable_thinking",
  budgetMember: "thinking_budget",
  answerCapMember: "max_tokens",
  budgets: { minimal: 512, low: 1_024, medium: 8_192, high: 24_576, xhigh: 24_576, max: 24_576 },
  rules: [
    { models: /^(?:qwq|qvq)/, thinks: "always", hasBudget: false, inWholeAnswers: true },
    { models: /^qwen.*-thinking/, thinks: "always", hasBudget: true, inWholeAnswers: true },
    { models: /^qwen.*-(?:instruct|coder)/, thinks: "never", hasBudget: false, inWholeAnswers: false },
    { models: /^qwen3\.[5-9]/, thinks: "unless_switched", hasBudget: true, inWholeAnswers: true },
    { models: /^qwen3-vl/, thinks: "if_switched", hasBudget: true, inWholeAnswers: true },
    { models: /^qwen3-[\d.]+b/, thinks: "unless_switched", hasBudget: true, inWholeAnswers: false },
    { models: /^qwen(?:3-|-(?:plus|flash|turbo))/, thinks: "if_switched", hasBudget: true, inWholeAnswers: false },
    { models: /^qwen/, thinks: "never", hasBudget: false, inWholeAnswers: false },
  ],
};
