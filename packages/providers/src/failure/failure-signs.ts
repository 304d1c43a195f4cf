/** What the errors of servers say in words, by which they are known whatever their shape. */
import type { FailureClass } from "@switchyard/metering/usage-event";

const longestSign = 100;
/** As much of a provider's own message as is looked at and kept. */
export const longestProviderMessage = 2_000;

type Meanings = readonly (readonly [FailureClass, readonly RegExp[]])[];

/** Codes and types, matched whole, that say what is wrong whatever the status; the first match counts. */
const signs: Meanings = wholeWords([
  [
    "credit_exhausted",
    [
      /insufficient_(?:quota|credits?|balance)(?:_error)?/i,
      /exceeded_current_quota_error/i,
      /billing_\w+/i,
      /credit_\w*exhausted/i,
      /not_enough_balance/i,
      /arrearage/i,
      /commoditynotpurchased/i,
      /p(?:re|ost)paidbilloverdue/i,
      /account_?overdue_?error/i,
      /(?:operationdenied\.)?serviceoverdue/i,
      /accountquotaexceeded/i,
      /setlimitexceeded/i,
      /allocationquota\.freetieronly/i,
      /\w+_spend_limit_reached/i,
      /blocked_api_access/i,
    ],
  ],
  [
    "context_length_exceeded",
    [
      /context_length_exceeded/i,
      /exceed_context_size_error/i,
      /context_window_exceeded/i,
      /too_many_prompt_tokens/i,
      /tokens_limit_reached/i,
    ],
  ],
  // A call, or JSON, that the model wrote and the provider could not read: the request was fine.
  ["malformed_response", [/tool_use_failed/i, /json_validate_failed/i]],
  [
    "content_filtered",
    [
      /content_filter/i,
      /content_policy_violation/i,
      /data_?inspection_?failed/i,
      /moderation_blocked/i,
      /censorship_blocked/i,
      /\w*sensitivecontentdetected(?:\.\w+)?/i,
      /\w+_policy_violation/i,
      /bio_policy/i,
      /customroleblocked/i,
      /faqruleblocked/i,
      /ipinfringementsuspect/i,
    ],
  ],
  [
    "credential_rejected",
    [
      /(?:invalid|incorrect)_api_key(?:_error)?/i,
      /api_key_invalid/i,
      /invalid_authentication(?:_error)?/i,
      /authentication_?error/i,
      /authorized_error/i,
      /unauthorized/i,
    ],
  ],
  [
    "model_not_found",
    [
      /model_not_(?:found|available|supported)/i,
      /model_(?:decommissioned|terms_required)/i,
      /chat_completions_not_available/i,
      /agent_api_migration_required/i,
      /modelnotopen/i,
      /unknown_model/i,
      /unavailable_model/i,
      /deployment_?not_?found/i,
      /unsupported_?model/i,
      /invalid_model/i,
      /invalidendpointormodel(?:\.\w+)?/i,
      /(?:resource_)?not_found_error/i,
      /notfounderror/i,
    ],
  ],
  [
    "rate_limited",
    [
      /rate_?limit_?(?:exceeded|reached|error)(?:_error|\.\w+)?/i,
      /rate_limited/i,
      /\w+ratelimitexceeded/i,
      /request_limit_exceeded/i,
      /request_quota_exceeded/i,
      /tokens/i,
      /requests/i,
      /too_?many_?requests(?:_error)?/i,
      /resource_exhausted/i,
      /limit_?requests/i,
      /limit_burst_rate/i,
      /throttling(?:\.\w+)?/i,
    ],
  ],
  [
    "overloaded",
    [
      /overloaded/i,
      /overloaded_error/i,
      /engine_overloaded(?:_error)?/i,
      /server_?overloaded/i,
      /provider_overloaded/i,
      /capacity_exceeded/i,
      /unavailable/i,
    ],
  ],
]);

/** Sentences of servers that give no code. They are only believed on a client error, where a body is about the request. */
const sentences: Meanings = [
  [
    "context_length_exceeded",
    [
      /context (?:length|window|size|limit)/i,
      /(?:prompt|input) (?:is )?too long/i,
      /reduce the length of the (?:messages|prompt|input)/i,
      /max_len exceeded/i,
      /max_model_len/i,
      /maximum allowed input length/i,
      /too many (?:prompt |input )?tokens/i,
      /token count.{0,40}exceeds/i,
      /token count is \d+ but/i,
      /tokens exceeds? (?:the )?max/i,
      /inputs`? tokens \+/i,
      /maximum prompt length/i,
      /maximum model length/i,
      /range of input length/i,
      /must have less than \d+ tokens/i,
      /token length too long/i,
      /token length exceeds? (?:the )?model/i,
      /exceeds? (?:the )?(?:model's )?max(?:imum)? (?:input|prompt|length)/i,
      /model token limit/i,
    ],
  ],
  [
    "credit_exhausted",
    [
      /credit balance is too low/i,
      /specified (?:workspace )?API usage limits/i,
      /not have any credits/i,
      /account .{0,80}is suspended/i,
      /monthly spending limit/i,
      /insufficient (?:balance|credits|funds)/i,
      /balance is (?:insufficient|not enough)/i,
      /not enough balance/i,
      /limited to \d+ API calls \/ month/i,
      /reached (?:your|kimi) (?:monthly )?usage limit/i,
      /used up your (?:daily|monthly)/i,
      /free allocated quota exceeded/i,
      /余额不足/i,
      /欠费/i,
    ],
  ],
  [
    "credential_rejected",
    [
      /api[ _-]?key (?:is )?(?:not valid|invalid|expired)/i,
      /(?:invalid|incorrect|wrong|expired) api[ _-]?key/i,
      /location is not supported/i,
    ],
  ],
  [
    "content_filtered",
    [
      /content (?:filter|management policy|policy|exists risk)/i,
      /contain inappropriate content/i,
      /was flagged/i,
      /flagged (?:by|as|for)/i,
      /requires moderation/i,
      /safety (?:system|filter)/i,
      /usage guidelines/i,
      /敏感(?:内容|信息)/i,
    ],
  ],
  [
    "model_not_found",
    [
      /not a valid model/i,
      /model not exist/i,
      /^(?:the )?model .{0,200}(?:does not exist|not found)/i,
      /unknown model/i,
      /no such model/i,
    ],
  ],
];

/** What an error's code or type means; null where it says nothing of the kind. */
export function matchSign(code: string | number | null): FailureClass | null {
  if (typeof code !== "string" || code.length > longestSign) return null;
  return meaningOf(code, signs);
}

/** The same of an error's message. */
export function matchSentence(message: string | null): FailureClass | null {
  if (message === null) return null;
  const beginning = message.slice(0, longestProviderMessage);
  return meaningOf(beginning, sentences);
}

function meaningOf(text: string, meanings: Meanings): FailureClass | null {
  return meanings.find(([, patterns]) => patterns.some((pattern) => pattern.test(text)))?.[0] ?? null;
}

function wholeWords(meanings: Meanings): Meanings {
  const whole = (pattern: RegExp): RegExp => new RegExp(`^(?:${pattern.source})$`, pattern.flags);
  return meanings.map(([failure, patterns]) => [failure, patterns.map(whole)]);
}
