/** What the gateway needs of a protocol that clients speak. A protocol is a folder here, and a line in registry.ts. */
import type { AnswerState } from "../events/answer-state.ts";
import type { ModelEvent } from "../events/model-event.ts";
import type { ConversationReading } from "../conversation/conversation.ts";
import type { ScannedObject } from "../json/scan-top-level.ts";
import type { ChatFacts, FactsReading } from "../openai/request-facts.ts";
import type { AnswerOptions } from "../provider-codec.ts";
import type { AnswerContent, AskedForm } from "./answer-content.ts";
import type { PromptText } from "./prompt-text.ts";

export type ClientProtocolName = "chat-completions" | "anthropic-messages" | "openai-responses";

type Fields = Readonly<Record<string, unknown>>;

/** An error as the gateway words it; every member is public. */
export interface ClientError {
  readonly status: number;
  /** OpenAI's type of error. */
  readonly type: string;
  /** From the gateway's closed registry. */
  readonly code: string;
  readonly message: string;
  /** The request field that is wrong, as the client spells it. */
  readonly param: string | null;
}

/** Writes one streamed answer, event by event. */
export interface AnswerWriter {
  /** What is sent for an event; null where the protocol sends nothing for it now. */
  write(event: ModelEvent): Uint8Array | null;
  /** The end of an answer that ended well. */
  close(state: AnswerState): Uint8Array;
  /** The last word of an answer that broke off after its beginning was sent. */
  fail(error: ClientError): Uint8Array;
}

export interface ClientProtocol {
  readonly name: ClientProtocolName;
  /** Where clients call it. */
  readonly path: string;
  /** Whether its answers have a place for pictures that a model made. */
  readonly hasPictures: boolean;
  /** What admission and planning need; `members` are the scanned positions of the same body. */
  readFacts(parsed: Fields, members: ScannedObject): FactsReading<ChatFacts>;
  /** The request as the gateway's own form of it, for providers that do not speak this protocol. */
  readConversation(parsed: Fields): ConversationReading;
  /** What the request says, for whoever has to tell what it asks for. Never throws. */
  readPrompt(parsed: Fields): PromptText;
  /** The form that a request wants its answer to have; null where it says nothing of it. Never throws. */
  readAskedForm(parsed: Fields): AskedForm | null;
  /** What an answer in this protocol says; `parts` are the answer itself, or all events of its stream. Never throws. */
  readContent(parts: readonly Fields[]): AnswerContent;
  /** A whole answer, as a value that becomes JSON. `state` has noted all of `events`. */
  writeAnswer(events: readonly ModelEvent[], state: AnswerState, options: AnswerOptions): object;
  createAnswerWriter(options: AnswerOptions): AnswerWriter;
  /** The JSON body of an error. */
  writeError(error: ClientError, requestId: string | null): string;
}
