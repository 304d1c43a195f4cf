import type { ErrorSubject, ProviderError } from "../wire-format.ts";
import { filterResults } from "./content-filter.ts";

interface ErrorWords {
  readonly code: string;
  readonly message: string;
}

const WORDS: Readonly<Record<number, ErrorWords>> = {
  400: { code: "BadRequest", message: "The request is invalid." },
  401: {
    code: "401",
    message:
      "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
  },
  404: {
    code: "DeploymentNotFound",
    message:
      "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.",
  },
  408: { code: "Timeout", message: "The operation was timeout." },
  429: {
    code: "RateLimitReached",
    message:
      "Your requests have exceeded the call rate limit of your current pricing tier. Please retry after 10 seconds.",
  },
  503: { code: "ServiceUnavailable", message: "The service is temporarily unable to process your request." },
};
const SERVER_WORDS: ErrorWords = { code: "InternalServerError", message: "Backend returned unexpected response." };

/** Azure's error body. What the filters find in a prompt has more to it, and OpenAI's own errors keep their form. */
export function encodeAzureError(error: ProviderError, _subject: ErrorSubject): string {
  const { status, parameter } = error;
  if (error.code === "content_filter") return encodeFiltered(error);
  const words = WORDS[status] ?? SERVER_WORDS;
  const code = error.code ?? words.code;
  const message = error.message ?? words.message;
  if (parameter === undefined) return JSON.stringify({ error: { code, message } });
  return JSON.stringify({
    error: { message, type: "invalid_request_error", param: parameter, code: error.code ?? null },
  });
}

function encodeFiltered({ message }: ProviderError): string {
  const innererror = { code: "ResponsibleAIPolicyViolation", content_filter_result: filterResults(true) };
  const said =
    message ??
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.";
  return JSON.stringify({
    error: { message: said, type: null, param: "prompt", code: "content_filter", status: 400, innererror },
  });
}
