import { type ChatCaseName, chatCases } from "../chat-cases.ts";
import type { NativeFamily } from "../native-family.ts";
import { withParsedCalls } from "../parsed-calls.ts";
import { readChatAnswer } from "../read-chat.ts";

/** The surface with versions names the deployment in the path; the one without ends in `/openai/v1`. */
const datedSurface = /\/openai\/deployments$/;
const version = "2024-10-21";

/**
 * OpenAI's chat completions in an Azure resource. The bodies are those of the clients; the path, the credential and what the
 * filters add to answers are Azure's own.
 */
export const azureFamily: NativeFamily = {
  name: "chat-to-azure",
  title: "Azure OpenAI",
  kinds: ["azure-openai"],
  requestPath: ({ model, baseUrl }) =>
    datedSurface.test(baseUrl)
      ? `/${encodeURIComponent(model)}/chat/completions?api-version=${version}`
      : "/chat/completions",
  headers: { "content-type": "application/json" },
  comparedHeaders: ["content-type"],
  credentialHeaders: (credential) => ({ "api-key": credential }),
  cases: casesOf(Object.keys(chatCases) as ChatCaseName[]),
  canonical: withParsedCalls,
  explainRequest: (pointer) =>
    pointer === "/max_completion_tokens" ? "a budget bounds what an answer may cost" : null,
  readAnswer: readChatAnswer,
};

function casesOf(names: readonly ChatCaseName[]): NativeFamily["cases"] {
  const entries = names.map((name) => [name, ({ model }: { model: string }) => ({ model, ...chatCases[name].body })]);
  return Object.fromEntries(entries) as NativeFamily["cases"];
}
