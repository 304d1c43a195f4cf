import type { ThinkingSwitch } from "../openai/thinking-switch.ts";

/**
 * As Model Studio's guide to deep thinking has it: models think always (QwQ, QVQ, `-thinking`), by a switch, or never. Of
 * those with a switch some refuse it outside streams, and only of Qwen3-VL and from Qwen 3.5 on it is documented that they do
 * not. Models of other makers get the effort as it is.
 */
export const qwenThinking: ThinkingSwitch = {
  switchMember: "enable_thinking",
  budgetMember: "thinking_budget",
  budgets: { minimal: 512, low: 1_024, medium: 8_192, high: 24_576, xhigh: 24_576, max: 24_576 },
  rules: [
    { models: /^(?:qwq|qvq)/, thinks: "always", hasBudget: false, inWholeAnswers: true },
    { models: /^qwen.*-thinking/, thinks: "always", hasBudget: true, inWholeAnswers: true },
    { models: /^qwen.*-(?:instruct|coder)/, thinks: "never", hasBudget: false, inWholeAnswers: false },
    { models: /^qwen3(?:\.[5-9]|-vl)/, thinks: "if_switched", hasBudget: true, inWholeAnswers: true },
    { models: /^qwen(?:3-|-(?:plus|flash|turbo))/, thinks: "if_switched", hasBudget: true, inWholeAnswers: false },
    { models: /^qwen/, thinks: "never", hasBudget: false, inWholeAnswers: false },
  ],
};
