import type { ErrorSubject, ProviderError } from "../wire-format.ts";

interface ErrorText {
  readonly type: string;
  readonly message: (subject: ErrorSubject) => string;
}

/** What OpenAI says for the codes that clients look at; DESIGN.md's own codes have no place here. */
const BY_CODE: Readonly<Record<string, ErrorText>> = {
  invalid_json: {
    type: "invalid_request_error",
    message: () => "We could not parse the JSON body of your request. The API expects a JSON payload.",
  },
  invalid_api_key: {
    type: "invalid_request_error",
    message: () => "Incorrect API key provided. You can find your API key in your account settings.",
  },
  model_not_found: {
    type: "invalid_request_error",
    message: ({ model }) => `The model \`${model}\` does not exist or you do not have access to it.`,
  },
  unknown_url: { type: "invalid_request_error", message: () => "Unknown request URL. Please check the URL for typos." },
  request_too_large: { type: "invalid_request_error", message: () => "The request body is too large." },
  content_filter: {
    type: "invalid_request_error",
    message: () => "The response was filtered because the prompt triggered the content management policy.",
  },
  context_length_exceeded: {
    type: "invalid_request_error",
    message: ({ inputTokens }) =>
      `This model's maximum context length is ${Math.max(inputTokens - 1, 0)} tokens. However, your messages resulted in ${inputTokens} tokens. Please reduce the length of the messages.`,
  },
  rate_limit_exceeded: {
    type: "requests",
    message: ({ model }) =>
      `Rate limit reached for ${model} in organization org-simulator on requests per min (RPM): Limit 10000, Used 10000, Requested 1.`,
  },
  insufficient_quota: {
    type: "insufficient_quota",
    message: () => "You exceeded your current quota, please check your plan and billing details.",
  },
  overloaded: {
    type: "overloaded_error",
    message: () => "The engine is currently overloaded, please try again later.",
  },
};

const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  401: "invalid_api_key",
  402: "insufficient_quota",
  404: "model_not_found",
  413: "request_too_large",
  429: "rate_limit_exceeded",
  529: "overloaded",
};

const SERVER_ERROR: ErrorText = {
  type: "server_error",
  message: () => "The server had an error while processing your request. Sorry about that!",
};
const CLIENT_ERROR: ErrorText = { type: "invalid_request_error", message: () => "Your request was rejected." };

/** OpenAI's error body: `{"error": {"message", "type", "param", "code"}}`. */
export function encodeOpenAiError(error: ProviderError, subject: ErrorSubject): string {
  const code = error.code ?? CODE_BY_STATUS[error.status];
  const text = (code === undefined ? undefined : BY_CODE[code]) ?? (error.status >= 500 ? SERVER_ERROR : CLIENT_ERROR);
  const message = error.message ?? text.message(subject);
  return JSON.stringify({ error: { message, type: text.type, param: error.parameter ?? null, code: code ?? null } });
}
