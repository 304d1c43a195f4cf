import type { Behaviour } from "../behaviour/behaviour.ts";
import type { CallPlan, Interruption } from "../behaviour/plan-call.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { ProviderCall, WireFormat } from "../formats/wire-format.ts";
import type { Exchange } from "./exchange.ts";
import type { PreparedResponse } from "./prepare-response.ts";

/** What a delivery is made from; call and plan are absent for a request that was rejected. */
export interface DeliveryParts {
  readonly exchange: Exchange;
  readonly format: WireFormat;
  readonly prepared: PreparedResponse;
  readonly call: ProviderCall | undefined;
  readonly plan: CallPlan | undefined;
  readonly behaviour: Behaviour | undefined;
  readonly onBodyPiece?: Delivery["onBodyPiece"];
}

/** Sets a prepared response to the pace of its plan. A plain answer takes as long as a streamed one, before its first byte. */
export function scheduleDelivery(parts: DeliveryParts): Delivery {
  const { exchange, format, prepared, call, plan, behaviour, onBodyPiece } = parts;
  const isAnswer = prepared.terms.kind === "answer";
  const isStream = typeof prepared.body !== "string";
  const tokensPerSecond = plan?.tokensPerSecond ?? 0;
  const { output, reasoning } = prepared.terms.full;
  const generationMs =
    isAnswer && !isStream && tokensPerSecond > 0 ? ((output + reasoning) * 1_000) / tokensPerSecond : 0;
  const interruption = isAnswer ? plan?.interruption : undefined;
  return {
    status: prepared.status,
    headers: () => responseHeaders(exchange, format, prepared, call?.inputTokens ?? 0, behaviour),
    body: prepared.body,
    delayMs: (plan?.latencyMs ?? 0) + generationMs,
    firstByteDelayMs: plan?.firstByteDelayMs ?? 0,
    tokensPerSecond: isStream ? tokensPerSecond : 0,
    interruption:
      interruption !== undefined && (isStream || canInterruptPlain(interruption)) ? interruption : undefined,
    errorEvent: () =>
      format.encodeEvent(format.encodeError({ status: 500 }, { model: call?.model ?? "", inputTokens: 0 })),
    outcome: prepared.outcome,
    onBodyPiece,
  };
}

/** A plain answer announces its length, so it cannot end early in good order, and it has no events. */
function canInterruptPlain({ kind }: Interruption): boolean {
  return kind === "cut" || kind === "cut_at_byte" || kind === "stall";
}

function responseHeaders(
  { id, startedMs }: Exchange,
  format: WireFormat,
  { status, contentType, retryAfter }: PreparedResponse,
  inputTokens: number,
  behaviour: Behaviour | undefined,
): string[] {
  const headers = format.responseHeaders({
    requestId: id,
    status,
    inputTokens,
    processingMs: performance.now() - startedMs,
  });
  headers.push("content-type", contentType);
  if (retryAfter !== undefined) headers.push("retry-after", retryAfter);
  return behaviour?.responseHeaders === undefined ? headers : replaceHeaders(headers, behaviour.responseHeaders);
}

function replaceHeaders(headers: readonly string[], replacements: Readonly<Record<string, string>>): string[] {
  const replaced = new Set(Object.keys(replacements).map((name) => name.toLowerCase()));
  const isKept = (_: string, index: number): boolean =>
    !replaced.has((headers[index - (index % 2)] ?? "").toLowerCase());
  return [...headers.filter(isKept), ...Object.entries(replacements).flat()];
}
