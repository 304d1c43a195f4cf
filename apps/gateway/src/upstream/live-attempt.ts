import { feeOfLines } from "@switchyard/metering/gateway-fee";
import { parsePicoUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { inputTokenMeters, outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import type { RouteTimeouts } from "@switchyard/policy-engine/policy/route";
import type { PolicyConnection, PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import type { AnswerOptions, NativePassage, Passage, ProviderCodec } from "@switchyard/providers/provider-codec";
import type { AttemptOutcome, HeldAttempt } from "../admission/admission.ts";
import type { SettlementService } from "../settlement/settlement.service.ts";
import { AnswerJudge } from "../validation/answer-judge.ts";
import type { AttemptMetrics } from "./attempt-metrics.ts";
import type { IssuedSecret } from "./credentials/exchange-credential.ts";
import type { OpenedCredential } from "./credential-vault.ts";
import type { DispatchOrder } from "./dispatch-order.ts";

/** What a planned attempt comes to under the pinned policy. */
export interface AttemptTarget {
  readonly planned: PlannedAttempt;
  readonly connection: PolicyConnection;
  readonly model: PolicyModel;
  readonly codec: ProviderCodec;
  readonly credential: OpenedCredential | null;
  /** What the credential was exchanged for; null where it is sent as it is. */
  readonly issued: IssuedSecret | null;
  readonly hasOtherCredential: boolean;
  /** The connection asks for a credential, and none can be used now. */
  readonly lacksCredential: boolean;
}

/** An attempt whose money is held. Whatever happens to it, it is settled once. */
export class LiveAttempt {
  readonly order: DispatchOrder;
  readonly target: AttemptTarget;
  readonly held: HeldAttempt;
  /** The plan's, or less where the client does not wait as long. */
  readonly timeouts: RouteTimeouts;
  /** Told just before the first byte of this attempt goes to the client. */
  onBegin: (() => void) | null = null;
  readonly startedAt = performance.now();
  /** Null where answers are passed on as they come, which is the rule. */
  readonly judge: AnswerJudge | null;
  /** Of a stream that brought one; null before. */
  firstTokenMs: number | null = null;
  readonly #settlement: SettlementService;
  readonly #metrics: AttemptMetrics;
  #isSettled = false;
  #hasBegun = false;

  constructor(
    order: DispatchOrder,
    target: AttemptTarget,
    held: HeldAttempt,
    timeouts: RouteTimeouts,
    settlement: SettlementService,
    metrics: AttemptMetrics,
  ) {
    this.order = order;
    this.target = target;
    this.held = held;
    this.timeouts = timeouts;
    this.#settlement = settlement;
    this.#metrics = metrics;
    this.judge = AnswerJudge.of(this);
  }

  /** What the target speaks of the client's own protocol; null where it has to be translated, or is chat completions. */
  get native(): NativePassage | null {
    return this.target.codec.natives?.[this.order.call.client.name] ?? null;
  }

  get passage(): Passage {
    return this.native ?? this.target.codec;
  }

  get answerOptions(): AnswerOptions {
    const { call, body, facts } = this.order;
    return {
      client: call.client,
      request: body.parsed,
      createdSeconds: Math.floor(this.held.hold.startedAtMs / 1000),
      forwardUsage: facts.includeUsage,
    };
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** From now on this attempt is the one that answers the call. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { call } = this.order;
    call.connection = this.target.connection;
    call.model = this.target.model;
    this.onBegin?.();
  }

  /** Closes the attempt and adds to the call what it cost. */
  settle(outcome: AttemptOutcome): void {
    this.#isSettled = true;
    this.firstTokenMs = outcome.timeToFirstTokenMs;
    const { call } = this.order;
    call.upstreamMs += performance.now() - this.startedAt;
    call.verdict = outcome.verdict;
    const record = this.#settlement.settle(this.held, outcome);
    call.closedAttempts.push(record);
    call.costPicoUsd = picoUsd(call.costPicoUsd + parsePicoUsd(record.costPicoUsd));
    call.feePicoUsd = picoUsd(call.feePicoUsd + feeOfLines(record.lines));
    call.tokensUsed += totalQuantity(record.usage, inputTokenMeters) + totalQuantity(record.usage, outputTokenMeters);
    this.#metrics.count(this.target, record);
  }
}
