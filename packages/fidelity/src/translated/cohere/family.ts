import { withItems, withMember } from "../../comparison/json-members.ts";
import type { NativeFamily } from "../native-family.ts";
import { withParsedCalls } from "../parsed-calls.ts";
import { asTextBlocks } from "../text-blocks.ts";
import { cohereCases } from "./cases.ts";
import { readChat } from "./read-answer.ts";

/** Cohere's chat, version 2. */
export const cohereFamily: NativeFamily = {
  name: "chat-to-cohere",
  title: "Cohere's chat",
  kinds: ["cohere"],
  requestPath: () => "/chat",
  headers: { "content-type": "application/json" },
  comparedHeaders: ["content-type"],
  credentialHeaders: (credential) => ({ authorization: `Bearer ${credential}` }),
  cases: cohereCases,
  canonical: (body) =>
    withMember(withParsedCalls(body), "messages", (messages) =>
      withItems(messages, (message) => withMember(message, "content", asTextBlocks)),
    ),
  explainRequest(pointer) {
    if (pointer === "/max_tokens") return "a budget bounds what an answer may cost";
    if (pointer === "/thinking/token_budget") return "an effort is a word, and each side has its own figure for it";
    return null;
  },
  readAnswer: readChat,
};
