import { withItems, withMember } from "../../comparison/json-members.ts";
import type { NativeFamily } from "../native-family.ts";
import { asTextBlocks } from "../text-blocks.ts";
import { anthropicCases } from "./cases.ts";
import { readMessage } from "./read-answer.ts";

/** Anthropic's Messages, asked in chat completions. */
export const anthropicFamily: NativeFamily = {
  name: "chat-to-anthropic",
  title: "Messages",
  kinds: ["anthropic"],
  requestPath: () => "/messages",
  headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
  comparedHeaders: ["content-type", "anthropic-version"],
  credentialHeaders: (credential) => ({ "x-api-key": credential }),
  cases: anthropicCases,
  canonical(body) {
    const inBlocks = withMember(body, "system", asTextBlocks);
    return withMember(inBlocks, "messages", (messages) =>
      withItems(messages, (message) =>
        withMember(message, "content", (content) =>
          withItems(asTextBlocks(content), (block) => withMember(block, "content", asTextBlocks)),
        ),
      ),
    );
  },
  explainRequest(pointer) {
    if (pointer === "/max_tokens") return "a budget bounds what an answer may cost";
    if (pointer === "/thinking/budget_tokens") return "an effort is a word, and each side has its own figure for it";
    return null;
  },
  readAnswer: readMessage,
};
