/** What the gateway offers besides answers: an operation is a folder that builds one of these, and a line in registry.ts. */
import type { UnitQuantities } from "@switchyard/metering/meters";
import type { Operation } from "@switchyard/metering/usage-event";
import type { FactsReading } from "../openai/request-facts.ts";
import type { CompleteResponse } from "../provider-codec.ts";

/** Every operation that does not generate an answer in one of the client protocols. */
export type PlainOperation = Exclude<Operation, "chat">;

/** A request as OpenAI's clients write it. */
export interface OperationRequest {
  /** The members of a JSON body, or the text fields of a form. */
  readonly parsed: Readonly<Record<string, unknown>>;
  readonly bodyBytes: number;
  /** The file of a form; null where there is none. */
  readonly file: Uint8Array | null;
}

/** What admission and planning need of it. */
export interface OperationFacts {
  readonly model: string;
  readonly inputTokensAtMost: number;
  readonly inputTokensAtLeast: number;
  /** The most tokens of one answer; 0 where answers are not billed by tokens. */
  readonly outputTokensAsked: number;
  readonly answers: number;
  /** The most that a provider can count of what is not counted in tokens. */
  readonly unitsAtMost: UnitQuantities;
  /** What the request alone decides; it is billed where the answer tells no usage of its own. */
  readonly counted: UnitQuantities;
}

export interface ClientOperation {
  readonly operation: PlainOperation;
  /** Below `/v1`, at the gateway and at providers of OpenAI's protocol. */
  readonly path: string;
  readonly form: "json" | "multipart";
  /** Whether an answer is passed on while it arrives, or judged whole first. */
  readonly delivery: "relayed" | "complete";
  readRequest(request: OperationRequest): FactsReading<OperationFacts>;
  /** Judges the body of a 2xx answer that is read whole; `request` is what the client asked. Never throws. */
  readAnswer(body: Uint8Array, request: OperationRequest["parsed"]): CompleteResponse;
  /** The media type of that answer. */
  answerType(request: OperationRequest["parsed"]): string;
}

export const jsonType = "application/json; charset=utf-8";
