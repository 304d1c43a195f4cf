/** What kind of task a prompt is, and how hard: what strategies may go by besides size and price. */
export const taskClasses = [
  "chat",
  "extraction",
  "summarisation",
  "code",
  "translation",
  "reasoning",
  "creative",
  "classification",
] as const;

export type TaskClass = (typeof taskClasses)[number];

/** What of a prompt a classifier may look at. */
export interface PromptSample {
  /** What the system, or the developer, told the model. */
  readonly instructions: string;
  /** What the user said last. */
  readonly lastMessage: string;
  /** Messages of the conversation so far. */
  readonly turns: number;
}

/** What else is known of the request. */
export interface PromptTraits {
  readonly inputTokensExpected: number;
  readonly tools: boolean;
  readonly jsonSchema: boolean;
}

/** What a classifier makes of it. It abstains, with null, from what it cannot tell. */
export interface Classification {
  /** The classifier, by its name in the registry. */
  readonly by: string;
  readonly taskClass: TaskClass | null;
  /** From 0, a greeting, to 1. */
  readonly complexity: number | null;
  /** What spoke for it, strongest first, as an admin reads it. */
  readonly cues: readonly string[];
}

/** Pure, and quick whatever the prompt: it runs before every call of a route that needs it. Never throws. */
export type Classify = (prompt: PromptSample, traits: PromptTraits) => Omit<Classification, "by">;
