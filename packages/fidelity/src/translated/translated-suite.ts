import type { FidelitySuite, SuiteCase } from "../suites/fidelity-suite.ts";
import { type ChatCase, type ChatCaseName, chatCases } from "./chat-cases.ts";
import { compareRequests } from "../comparison/compare-legs.ts";
import { compareOutlines, compareTranslation } from "./compare-meanings.ts";
import type { NativeFamily } from "./native-family.ts";

const clientHeaders = { "content-type": "application/json" };
const names = Object.keys(chatCases) as ChatCaseName[];

/** Chat completions to a provider that does not speak them: each case goes out in the client's words and in the provider's. */
export function translatedSuite(family: NativeFamily): FidelitySuite {
  return {
    name: family.name,
    kinds: family.kinds,
    cases: names.map((name) => caseOf(family, name, chatCases[name])),
    providerCredential: (credential, kind) => family.credentialHeaders(credential, kind),
    gatewayCredential: (virtualKey) => ({ authorization: `Bearer ${virtualKey}` }),
  };
}

function caseOf(family: NativeFamily, name: ChatCaseName, { title, isStream, body, varies = [] }: ChatCase): SuiteCase {
  return {
    // Beside the cases of a protocol that the same kind shares with its clients.
    name: `chat-${name}`,
    title: `Chat to ${family.title}: ${title}`,
    askProvider: (target) => ({
      path: family.requestPath(target, isStream),
      headers: family.headers,
      body: JSON.stringify(family.cases[name](target)),
    }),
    askGateway: (route) => ({
      path: "/v1/chat/completions",
      headers: clientHeaders,
      body: JSON.stringify({ model: route, ...body }),
    }),
    compare: (ours, theirs) => ({
      request: compareRequests(family, ours.received, theirs.received, (body) => family.canonical(body)),
      passage: compareTranslation(family, ours.answer, ours.provided),
      answer: compareOutlines(family, varies, ours.answer, theirs.answer),
    }),
  };
}
