import { afterAttempt } from "@switchyard/policy-engine/resilience/after-attempt";
import type { AttemptHealth } from "@switchyard/policy-engine/health/target-health";
import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Logger } from "@switchyard/telemetry/logger";
import { errorOfFailure } from "../errors/error-of-failure.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { HealthMap } from "../routing/health-map.ts";
import type { SetAsideMemory } from "../routing/set-aside.memory.ts";
import type { SettlementService } from "../settlement/settlement.service.ts";
import type { AnswerReader } from "./answer-reader.ts";
import type { AttemptMetrics } from "./attempt-metrics.ts";
import { unbilledOutcome } from "./attempt-outcome.ts";
import { attemptRequest } from "./attempt-request.ts";
import { AttemptRun, type AttemptEnd, type FailedEnd } from "./attempt-run.ts";
import type { AttemptTargets } from "./attempt-targets.ts";
import { CompleteReader, type CompleteAnswer } from "./complete-reader.ts";
import type { DispatchOrder } from "./dispatch-order.ts";
import { DrainSlots } from "./drain-slots.ts";
import { LiveAttempt, type AttemptTarget } from "./live-attempt.ts";
import { StreamReader, type StreamAnswer, type StreamReceiver } from "./stream-reader.ts";
import { UnsupportedParameterError } from "./unsupported-parameter.error.ts";
import type { UpstreamClient } from "./upstream-client.ts";
import type { UpstreamExchange } from "./upstream-exchange.ts";

const drainSlots = 64;

type ReaderFactory<Answer> = (attempt: LiveAttempt, exchange: UpstreamExchange) => AnswerReader<Answer>;

/**
 * Walks a plan: hold, send, read, settle, and ask the engine what a failure leads to. One attempt at a time, each
 * settled once, none after the first byte to the client.
 */
export class AttemptDispatcher {
  readonly #client: UpstreamClient;
  readonly #targets: AttemptTargets;
  readonly #setAside: SetAsideMemory;
  readonly #health: HealthMap;
  readonly #settlement: SettlementService;
  readonly #metrics: AttemptMetrics;
  readonly #logger: Logger;
  readonly #drainSlots = new DrainSlots(drainSlots);

  constructor(
    client: UpstreamClient,
    targets: AttemptTargets,
    setAside: SetAsideMemory,
    health: HealthMap,
    settlement: SettlementService,
    metrics: AttemptMetrics,
    logger: Logger,
  ) {
    this.#client = client;
    this.#targets = targets;
    this.#setAside = setAside;
    this.#health = health;
    this.#settlement = settlement;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /** Gets a whole answer. Throws GatewayError where no attempt brought one. */
  async complete(order: DispatchOrder): Promise<CompleteAnswer> {
    return this.#walk(order, (attempt) => new CompleteReader(attempt));
  }

  /** Streams an answer to the receiver; resolves after its last byte. Throws GatewayError where it had no good end. */
  async stream(order: DispatchOrder, receiver: StreamReceiver): Promise<StreamAnswer> {
    return this.#walk(order, (attempt, exchange) => new StreamReader(attempt, receiver, exchange));
  }

  async #walk<Answer>(order: DispatchOrder, createReader: ReaderFactory<Answer>): Promise<Answer> {
    let remaining = order.plan.attempts;
    for (;;) {
      const [planned, ...after] = remaining;
      if (planned === undefined) throw new GatewayError("no_target_available", "No target is left to try.");
      const found = this.#targets.find(order.policy, planned);
      const target = found instanceof Promise ? await found : found;
      const end = await this.#attempt(order, target, createReader);
      if (end.kind === "answered") return end.answer;
      if (end.kind === "unsupported") {
        if (after.length === 0) throw end.error;
        order.call.because.push({
          code: "next_target",
          text: `${planned.label} was passed over: ${end.error.message}`,
        });
        remaining = after;
        continue;
      }
      const next = this.#afterFailure(order, target, end, after);
      if (next === null) throw errorOfFailure(end.failure);
      remaining = next;
    }
  }

  async #attempt<Answer>(
    order: DispatchOrder,
    target: AttemptTarget,
    createReader: ReaderFactory<Answer>,
  ): Promise<AttemptEnd<Answer> | UnsupportedEnd> {
    const { call } = order;
    if (call.isClientGone) throw new GatewayError("client_closed_request", "The client closed the connection.");
    call.connection = target.connection;
    call.model = target.model;
    if (target.lacksCredential) {
      this.#health.note(target.planned, { ...nothingSent, failure: "credential_rejected" });
      return noCredential;
    }
    this.#health.begin(target.planned, call.attempts > 0);
    const held = await order.admitted.holdAttempt({
      attemptId: createUuidV7(),
      attemptNumber: call.attempts + 1,
      role: target.planned.role,
      connection: target.connection,
      model: target.model,
      costCeilingPicoUsd: target.planned.costCeilingPicoUsd,
    });
    call.attempts += 1;
    const attempt = new LiveAttempt(order, target, held, this.#settlement, this.#metrics);
    try {
      const request = attemptRequest(attempt);
      const end = await new AttemptRun(attempt, createReader, this.#drainSlots).start(this.#client, request);
      this.#health.note(target.planned, healthOf(attempt, end));
      return end;
    } catch (error) {
      if (error instanceof UnsupportedParameterError) {
        attempt.settle(unbilledOutcome("invalid_request", "errored", null));
        this.#health.note(target.planned, { ...nothingSent, failure: "invalid_request" });
        return { kind: "unsupported", error };
      }
      // A bug on the way out must not leave money held.
      if (!attempt.isSettled) attempt.settle(unbilledOutcome("connect", "errored", null));
      throw error;
    }
  }

  #afterFailure(
    order: DispatchOrder,
    target: AttemptTarget,
    { failure, firstByteSent }: FailedEnd,
    remaining: readonly PlannedAttempt[],
  ): readonly PlannedAttempt[] | null {
    const { call, route } = order;
    const step = afterAttempt({
      failure: failure.failure,
      firstByteSent,
      attempt: target.planned,
      credentialId: target.credential?.credentialId ?? null,
      hasOtherCredential: target.hasOtherCredential,
      attemptsMade: call.attempts,
      maxAttempts: route.maxAttempts,
      remaining,
      health: this.#health.facts(),
    });
    call.because.push(step.because);
    if (step.setAside !== null) this.#setAside.add(step.setAside, Date.now());
    const { failure: failureClass, providerCode } = failure;
    this.#logger.warn(
      {
        requestId: call.requestId,
        connectionId: target.connection.connectionId,
        failureClass,
        providerCode,
        setAside: step.setAside,
        next: step.next,
      },
      "an attempt failed",
    );
    return step.next === "stop" ? null : remaining.slice(step.index);
  }
}

/** Nothing was sent, because this kind of provider has no words for the request. */
interface UnsupportedEnd {
  readonly kind: "unsupported";
  readonly error: UnsupportedParameterError;
}

const nothingSent = { firstTokenMs: null, totalMs: 0, retryAfterMs: null };

function healthOf(attempt: LiveAttempt, end: AttemptEnd<unknown>): AttemptHealth {
  const { startedAt, firstTokenMs } = attempt;
  const totalMs = performance.now() - startedAt;
  if (end.kind === "answered") return { failure: null, firstTokenMs, totalMs, retryAfterMs: null };
  // How an attempt ends that the client has left is no one's fault.
  const failure = attempt.order.call.isClientGone ? "client_cancelled" : end.failure.failure;
  return { failure, firstTokenMs, totalMs, retryAfterMs: end.failure.retryAfterMs };
}

const noCredential: FailedEnd = {
  kind: "failed",
  firstByteSent: false,
  failure: {
    failure: "credential_rejected",
    message: "The gateway has no usable credential for this provider.",
    retryAfterMs: null,
    providerCode: null,
    providerParam: null,
    providerMessage: null,
  },
};
