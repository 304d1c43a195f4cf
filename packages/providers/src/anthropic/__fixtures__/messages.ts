/** The conformance fixtures' message, for clients that read it themselves. */
import type { NativeFixtures } from "../../conformance/native-fixtures.ts";
import { fixtures } from "./conformance.ts";

const { chatAnswer, chatStream, brokenStream } = fixtures;

export const messagesFixtures: NativeFixtures = {
  client: "anthropic-messages",
  request: '{ "messages":[{"role":"user","content":"\\u0068i"}],\t"model":"m", "max_tokens": 900, "x_unknown": 1e3 }',
  answer: chatAnswer.body,
  stream: String(chatStream.text),
  wholeAt: chatStream.wholeAt,
  usage: chatAnswer.usage,
  broken: [String(brokenStream.text)],
};
