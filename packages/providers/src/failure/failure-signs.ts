/** What the errors of servers say in words, by which they are known whatever their shape. */
import type { FailureClass } from "@switchyard/metering/usage-event";

const longestSign = 100;
/** As much of a provider's own message as is looked at and kept. */
export const longestProviderMessage = 2_000;

/** Codes and types that say what is wrong whatever the status; the first match counts. */
const signs: readonly (readonly [RegExp, FailureClass])[] = [
  [
    /^(?:insufficient_(?:quota|credits?|balance)(?:_error)?|exceeded_current_quota_error|billing_\w+|credit_\w*exhausted|not_enough_balance|arrearage|commoditynotpurchased|p(?:re|ost)paidbilloverdue|account_?overdue_?error|(?:operationdenied\.)?serviceoverdue|accountquotaexceeded|setlimitexceeded|allocationquota\.freetieronly|\w+_spend_limit_reached)$/i,
    "credit_exhausted",
  ],
  [
    /^(?:context_length_exceeded|exceed_context_size_error|context_window_exceeded|too_many_prompt_tokens|tokens_limit_reached)$/,
    "context_length_exceeded",
  ],
  // A call, or JSON, that the model wrote and the provider could not read: the request was fine.
  [/^(?:tool_use_failed|json_validate_failed)$/, "malformed_response"],
  [
    /^(?:content_filter|content_policy_violation|data_?inspection_?failed|moderation_blocked|censorship_blocked|\w*sensitivecontentdetected(?:\.\w+)?|\w+_policy_violation|bio_policy|customroleblocked|faqruleblocked|ipinfringementsuspect)$/i,
    "content_filtered",
  ],
  [
    /^(?:(?:invalid|incorrect)_api_key(?:_error)?|api_key_invalid|invalid_authentication(?:_error)?|authentication_?error|authorized_error|unauthorized)$/i,
    "credential_rejected",
  ],
  [
    /^(?:model_not_(?:found|available|supported)|modelnotopen|unknown_model|unavailable_model|deployment_?not_?found|unsupported_?model|invalid_model|invalidendpointormodel(?:\.\w+)?|(?:resource_)?not_found_error|notfounderror)$/i,
    "model_not_found",
  ],
  [
    /^(?:rate_?limit_?(?:exceeded|reached|error)(?:_error|\.\w+)?|rate_limited|\w+ratelimitexceeded|request_limit_exceeded|request_quota_exceeded|tokens|requests|too_?many_?requests(?:_error)?|resource_exhausted|limit_?requests|limit_burst_rate|throttling(?:\.\w+)?)$/i,
    "rate_limited",
  ],
  [
    /^(?:overloaded|overloaded_error|engine_overloaded(?:_error)?|server_?overloaded|provider_overloaded|capacity_exceeded|unavailable)$/i,
    "overloaded",
  ],
];

/** Sentences of servers that give no code. They are only believed on a client error, where a body is about the request. */
const sentences: readonly (readonly [RegExp, FailureClass])[] = [
  [
    /context (?:length|window|size|limit)|(?:prompt|input) (?:is )?too long|reduce the length of the (?:messages|prompt|input)|max_len exceeded|max_model_len|maximum allowed input length|too many (?:prompt |input )?tokens|token count.{0,40}exceeds|token count is \d+ but|tokens exceeds? (?:the )?max|inputs`? tokens \+|maximum prompt length|maximum model length|range of input length|must have less than \d+ tokens|token length too long|token length exceeds? (?:the )?model|exceeds? (?:the )?(?:model's )?max(?:imum)? (?:input|prompt|length)|model token limit/i,
    "context_length_exceeded",
  ],
  [
    /credit balance is too low|specified (?:workspace )?API usage limits|not have any credits|account .{0,80}is suspended|monthly spending limit|insufficient (?:balance|credits|funds)|balance is (?:insufficient|not enough)|not enough balance|limited to \d+ API calls \/ month|reached (?:your|kimi) (?:monthly )?usage limit|used up your (?:daily|monthly)|free allocated quota exceeded|余额不足|欠费/i,
    "credit_exhausted",
  ],
  [
    /api[ _-]?key (?:is )?(?:not valid|invalid|expired)|(?:invalid|incorrect|wrong|expired) api[ _-]?key|location is not supported/i,
    "credential_rejected",
  ],
  [
    /content (?:filter|management policy|policy|exists risk)|contain inappropriate content|was flagged|flagged (?:by|as|for)|requires moderation|safety (?:system|filter)|usage guidelines|敏感(?:内容|信息)/i,
    "content_filtered",
  ],
  [
    /not a valid model|model not exist|^(?:the )?model .{0,200}(?:does not exist|not found)|unknown model|no such model/i,
    "model_not_found",
  ],
];

/** What an error's code or type means; null where it says nothing of the kind. */
export function matchSign(code: string | number | null): FailureClass | null {
  if (typeof code !== "string" || code.length > longestSign) return null;
  return signs.find(([pattern]) => pattern.test(code))?.[1] ?? null;
}

/** The same of an error's message. */
export function matchSentence(message: string | null): FailureClass | null {
  if (message === null) return null;
  const beginning = message.slice(0, longestProviderMessage);
  return sentences.find(([pattern]) => pattern.test(beginning))?.[1] ?? null;
}
