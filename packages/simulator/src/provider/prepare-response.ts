import { NO_TOKENS } from "../answer/token-counts.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";
import type { CallPlan, PlannedError } from "../behaviour/plan-call.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { garbageAnswer } from "../faults/garbage-answer.ts";
import type { AnswerContext, ProviderCall, ProviderError, WireFormat } from "../formats/wire-format.ts";
import { type BillingTerms, FREE_OF_CHARGE } from "./bill-call.ts";

const JSON_TYPE = "application/json";
const EVENT_STREAM_TYPE = "text/event-stream; charset=utf-8";

/** What a response says and costs; when it is sent is the plan's business. */
export interface PreparedResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: Delivery["body"];
  readonly outcome: Delivery["outcome"];
  readonly retryAfter?: string | undefined;
  readonly terms: BillingTerms;
}

/** The response that a planned call gets: an error, garbage, or the answer. */
export function prepareResponse(
  format: WireFormat,
  call: ProviderCall,
  plan: CallPlan,
  context: AnswerContext,
  behaviour: Behaviour | undefined,
): PreparedResponse {
  if (plan.error !== undefined) return prepareError(format, call, plan.error, context, behaviour);
  const answer = call.answer(context);
  const eventStreamType = format.eventStreamType ?? EVENT_STREAM_TYPE;
  const contentType = call.contentType ?? (call.isStream ? eventStreamType : JSON_TYPE);
  if (plan.garbage === undefined) {
    const terms: BillingTerms = { kind: "answer", full: answer.tokens, units: answer.units, behaviour };
    return { status: 200, contentType, body: answer.body, outcome: "complete", terms };
  }
  // What stands in for sound or plain text is JSON, as a proxy before the provider would write it.
  const isEvents = call.isStream && call.contentType === undefined;
  const garbage = garbageAnswer(plan.garbage, {
    answer,
    contentType: isEvents ? eventStreamType : JSON_TYPE,
    errorJson: format.encodeError({ status: 500 }, call),
    frame: (json) => (isEvents ? format.encodeEvent(json) : json),
  });
  return {
    status: 200,
    ...garbage,
    outcome: "garbage",
    terms: { kind: "error", full: answer.tokens, units: answer.units, behaviour },
  };
}

function prepareError(
  format: WireFormat,
  call: ProviderCall,
  { status, code, message, retryAfter }: PlannedError,
  context: AnswerContext,
  behaviour: Behaviour | undefined,
): PreparedResponse {
  const full = behaviour?.billOnError === true ? call.answer(context).tokens : NO_TOKENS;
  const body = format.encodeError({ status, code, message }, call);
  return {
    status,
    contentType: JSON_TYPE,
    body,
    outcome: "errored",
    retryAfter,
    terms: { kind: "error", full, behaviour },
  };
}

/** The response to a request that the provider does not accept. */
export function prepareRejection(format: WireFormat, error: ProviderError, model: string): PreparedResponse {
  const body = format.encodeError(error, { model, inputTokens: 0 });
  return { status: error.status, contentType: JSON_TYPE, body, outcome: "rejected", terms: FREE_OF_CHARGE };
}
