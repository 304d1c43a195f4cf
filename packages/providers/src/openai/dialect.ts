import { type ErrorMeanings, usualMeanings } from "../failure/error-meanings.ts";
import type { JsonKey } from "../json/json-cursor.ts";
import type { ParameterRules } from "../parameters/parameter-rules.ts";
import { openAiToolNames, type ToolNameRule } from "../parameters/tool-names.ts";
import type { UsageDialect } from "./read-usage.ts";
import type { ThinkingSwitch } from "./thinking-switch.ts";

/** What differs between servers that speak OpenAI's protocol, as data. Model facts belong in the catalogue, not here. */
export interface OpenAiDialect {
  /** The output cap to add where the client sent none: what every model of this kind understands. */
  readonly outputCapField: "max_tokens" | "max_completion_tokens";
  /**
   * What becomes of the other spelling: `heeded` too; `ignored` without a word by some servers, so that a cap that must
   * hold is always sent in this one; `renamed` where the server refuses it or always ignores it.
   */
  readonly otherCapField: "heeded" | "ignored" | "renamed";
  /** Whether messages may have the role `developer`; elsewhere they become `system`. */
  readonly developerRole: boolean;
  /**
   * Members of a message that the server refuses. Clients send answers back as they came, so that a conversation may
   * carry the reasoning of the provider that it began with.
   */
  readonly refusedMessageMembers: readonly string[];
  /** Whether ids of tool calls have to be nine letters and digits, as those of other providers are not. */
  readonly shortCallIds: boolean;
  /** Whether `stop` may be a single string; elsewhere it becomes a list of one. */
  readonly stopAsString: boolean;
  /** How many stop sequences the server takes; more are cut at by the gateway. Null where it is the model's affair. */
  readonly mostStops: number | null;
  /** Whether it takes `functions`, which were before tools; elsewhere they become tools, and the answer functions again. */
  readonly legacyFunctions: boolean;
  /** Which names tools may have; others are changed, and told as the client knows them. Null where any name will do. */
  readonly toolNames: ToolNameRule | null;
  /** Whether usage has to be asked for; the others send it unasked, and may refuse `stream_options`. */
  readonly streamOptions: boolean;
  /** Whether the server speaks OpenAI's Responses too, so that its clients' bytes pass. */
  readonly responses: boolean;
  readonly parameters: ParameterRules;
  /**
   * Parameters that a router leaves out without a word where the server behind it lacks them, unless it is told by
   * `provider.require_parameters` to choose another.
   */
  readonly requiredOfRouter: readonly string[];
  /** Parameters beyond OpenAI's that the server takes, for requests of other protocols. */
  readonly extensions: readonly "top_k"[];
  /** Members added where the client sent none: JSON texts by name. For servers whose own default cuts what was asked. */
  readonly defaults: { readonly [member: string]: string };
  /** Whether log probabilities are asked for by how many of them are wanted in each place, and not by a flag. */
  readonly logprobsAsCount: boolean;
  /** How the server is told to think, where not by `reasoning_effort`; null where that passes. */
  readonly thinking: ThinkingSwitch | null;
  readonly usage: UsageDialect;
  /** What its errors are called by, where OpenAI means something else by the same word. */
  readonly errorMeanings: ErrorMeanings;
  /** A member of the vendor's own that may hold usage or an error. */
  readonly vendorKey: JsonKey | null;
  /** Whether answers may differ from what OpenAI's own clients read, and are then changed (repair/). */
  readonly repairsAnswers: boolean;
}

/** A server that takes everything that OpenAI takes. */
export const openAiDialect: OpenAiDialect = {
  outputCapField: "max_completion_tokens",
  otherCapField: "heeded",
  developerRole: true,
  refusedMessageMembers: [],
  shortCallIds: false,
  stopAsString: true,
  mostStops: null,
  legacyFunctions: false,
  toolNames: openAiToolNames,
  streamOptions: true,
  responses: false,
  parameters: {},
  requiredOfRouter: [],
  extensions: [],
  defaults: {},
  logprobsAsCount: false,
  thinking: null,
  usage: { reasoningIsOutside: false },
  errorMeanings: usualMeanings,
  vendorKey: null,
  repairsAnswers: true,
};

/** What answers tell of the model's reasoning beyond OpenAI's protocol. */
export const reasoningMembers = ["reasoning_content", "reasoning_details", "reasoning"] as const;

/** Parameters of OpenAI's own platform, hints all of them: no other server has the service behind them. */
export const platformHints = {
  store: "drop",
  metadata: "drop",
  safety_identifier: "drop",
  service_tier: "drop",
  prediction: "drop",
  verbosity: "drop",
  prompt_cache_key: "drop",
  prompt_cache_retention: "drop",
  prompt_cache_options: "drop",
  moderation: "drop",
} as const satisfies ParameterRules;

/** Token ids mean something to one tokenizer only. */
export const noLogprobs = {
  logprobs: "reject",
  top_logprobs: "reject",
  logit_bias: "drop",
} as const satisfies ParameterRules;
