import type { ChatFacts } from "@switchyard/providers/openai/request-facts";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { promptTexts } from "../estimate/prompt-texts.ts";
import type { TokenCounter } from "../estimate/token-counter.ts";
import { tokenizerOfModel } from "../estimate/tokenizer-of-model.ts";
import type { JsonBody } from "../parse/parse-json-object.ts";

/** What a picture of about a megapixel comes to at Anthropic: width x height / 750. */
const usualImageTokens = 1_400;
const bytesPerToken = 4;

/** Counts a request as the model of its target would read it, by a public tokenizer that may only resemble its own. */
export class ConversationCount {
  readonly #counter: TokenCounter;

  constructor(counter: TokenCounter) {
    this.#counter = counter;
  }

  /** Throws GatewayError for a request that the target could not be sent either. */
  async estimate(call: Call, body: JsonBody, facts: ChatFacts): Promise<number> {
    const reading = call.client.readConversation(body.parsed);
    if (!reading.ok) throw new GatewayError("unsupported_parameter", reading.message, { param: reading.param });
    const { texts, images, overheadTokens } = promptTexts(reading.conversation as Readonly<Record<string, unknown>>);
    const { encoding } = tokenizerOfModel(call.model?.providerModel ?? "");
    const counted = await this.#counter.count(texts, encoding);
    const ofTexts =
      counted ?? Math.ceil(texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0) / bytesPerToken);
    return Math.max(facts.inputTokensAtLeast, ofTexts + overheadTokens + images * usualImageTokens);
  }
}
