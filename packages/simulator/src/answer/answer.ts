import type { TokenCounts } from "./token-counts.ts";

/** A function that the caller offers to the model. */
export interface OfferedTool {
  readonly name: string;
  /** JSON Schema of the arguments; undefined when the caller gave none. */
  readonly argumentsSchema: unknown;
}

/** What the text of a prompt makes the simulated model do. */
export interface PromptMarks {
  readonly callsTool: boolean;
  readonly refuses: boolean;
  readonly thinks: boolean;
}

/** What a caller asks a model to generate, in no provider's words. */
export interface GenerationRequest {
  readonly choices: number;
  /** Most tokens of one choice, hidden ones included; undefined means no limit. */
  readonly outputTokenLimit: number | undefined;
  /** The tool that this answer has to call, if any. */
  readonly toolToCall: OfferedTool | undefined;
  /** JSON Schema that the text has to satisfy; `{"type": "object"}` for any object; undefined for prose. */
  readonly jsonSchema: unknown;
  readonly marks: PromptMarks;
}

/** Why a choice ended. */
export type FinishCause = "stop" | "length" | "tool_call" | "content_filter";

/** What a choice says. The text of a tool call is its arguments as JSON. */
export type ChoiceContent =
  | { readonly kind: "text" | "refusal"; readonly text: string }
  | { readonly kind: "tool_call"; readonly text: string; readonly callId: string; readonly toolName: string };

/** One of the answers to a request. */
export interface AnswerChoice {
  readonly content: ChoiceContent;
  readonly finish: FinishCause;
}

export interface Answer {
  readonly choices: readonly AnswerChoice[];
  readonly tokens: TokenCounts;
}
