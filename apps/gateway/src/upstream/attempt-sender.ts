import type { AttemptRole } from "@switchyard/metering/usage-event";
import type { AttemptHealth } from "@switchyard/policy-engine/health/target-health";
import { withinDeadline } from "@switchyard/policy-engine/resilience/client-deadline";
import { latencyObjectiveMs } from "@switchyard/policy-engine/resilience/latency-objective";
import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import type { ResponseHeaders } from "@switchyard/providers/provider-codec";
import { readRateLimits } from "@switchyard/providers/rate-limits/read-rate-limits";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { GatewayError } from "../errors/gateway-error.ts";
import type { HealthMap } from "../routing/health-map.ts";
import type { SettlementService } from "../settlement/settlement.service.ts";
import type { AnswerReader } from "./answer-reader.ts";
import type { AttemptMetrics } from "./attempt-metrics.ts";
import { unbilledOutcome } from "./attempt-outcome.ts";
import { attemptRequest } from "./attempt-request.ts";
import { AttemptRun, type AttemptEnd, type FailedEnd } from "./attempt-run.ts";
import type { ClientHints } from "./client-hints.ts";
import type { DispatchOrder } from "./dispatch-order.ts";
import { DrainSlots } from "./drain-slots.ts";
import { LatencyWatch } from "./latency-watch.ts";
import { LiveAttempt, type AttemptTarget } from "./live-attempt.ts";
import { UnsupportedParameterError } from "./unsupported-parameter.error.ts";
import type { UpstreamClient } from "./upstream-client.ts";
import type { UpstreamExchange } from "./upstream-exchange.ts";

const drainSlots = 64;

export type ReaderFactory<Answer> = (attempt: LiveAttempt, exchange: UpstreamExchange) => AnswerReader<Answer>;

/** Nothing was sent, because this kind of provider has no words for the request. */
export interface UnsupportedEnd {
  readonly kind: "unsupported";
  readonly error: UnsupportedParameterError;
}

export type SendingEnd<Answer> = AttemptEnd<Answer> | UnsupportedEnd;

/** An order on its way out, with what all of its attempts share. */
export interface Sending<Answer> {
  readonly order: DispatchOrder;
  readonly hints: ClientHints;
  readonly createReader: ReaderFactory<Answer>;
}

/** What is different about an attempt that another one runs beside. */
export interface Leg {
  readonly role: AttemptRole;
  /** Lets go of the attempt, once there is one to let go of. */
  readonly onRun: (run: { lose(): void }) => void;
  readonly onBegin: () => void;
}

/** Makes one attempt: hold, send, read, settle, and tell the health map. */
export class AttemptSender {
  readonly #client: UpstreamClient;
  readonly #health: HealthMap;
  readonly #settlement: SettlementService;
  readonly #metrics: AttemptMetrics;
  readonly #drainSlots = new DrainSlots(drainSlots);
  /** Told the headers of every answer when they come, because a stream's end may be minutes away. */
  readonly #learnLimits = (planned: PlannedAttempt, headers: ResponseHeaders): void => {
    const readings = readRateLimits(headers, Date.now());
    if (readings.length > 0) this.#health.learnLimits(planned, readings);
  };

  constructor(client: UpstreamClient, health: HealthMap, settlement: SettlementService, metrics: AttemptMetrics) {
    this.#client = client;
    this.#health = health;
    this.#settlement = settlement;
    this.#metrics = metrics;
  }

  /** Throws GatewayError where the client has left or the attempt's money cannot be held. */
  async send<Answer>(sending: Sending<Answer>, target: AttemptTarget, leg: Leg | null): Promise<SendingEnd<Answer>> {
    const { order, hints, createReader } = sending;
    const { call, route } = order;
    const { planned } = target;
    if (call.isAbandoned) throw new GatewayError("client_closed_request", "The client closed the connection.");
    call.connection = target.connection;
    call.model = target.model;
    if (target.lacksCredential) {
      this.#health.note(planned, { ...nothingSent, failure: "credential_rejected" });
      return noCredential;
    }
    const objectiveMs = latencyObjectiveMs(route, order.facts);
    // A higher tier and a shadow make up for no failure: asking them is what the route is for.
    const isByPlan = planned.role === "escalation" || planned.role === "shadow";
    const isRetry = (call.attempts > 0 && !isByPlan) || hints.isRetry;
    this.#health.begin(planned, isRetry, objectiveMs);
    const held = await order.admitted.holdAttempt({
      attemptId: createUuidV7(),
      attemptNumber: call.attempts + 1,
      role: leg?.role ?? planned.role,
      connection: target.connection,
      model: target.model,
      taskClass: call.task?.taskClass,
      costCeilingPicoUsd: planned.costCeilingPicoUsd,
    });
    call.attempts += 1;
    const timeouts = withinDeadline(planned.timeouts, hints.deadline, performance.now() - call.startedAt);
    const attempt = new LiveAttempt(order, target, held, timeouts, this.#settlement, this.#metrics);
    const watch = objectiveMs === null ? null : new LatencyWatch(this.#health, planned, objectiveMs);
    if (watch !== null || leg !== null) {
      attempt.onBegin = () => {
        watch?.noteBegin();
        leg?.onBegin();
      };
    }
    try {
      const request = (order.createRequest ?? attemptRequest)(attempt);
      const run = new AttemptRun(attempt, createReader, this.#drainSlots, this.#learnLimits);
      leg?.onRun(run);
      const end = await run.start(this.#client, request);
      this.#health.note(planned, healthOf(attempt, end, run.isLost));
      return end;
    } catch (error) {
      if (error instanceof UnsupportedParameterError) {
        attempt.settle(unbilledOutcome("invalid_request", "errored", null));
        this.#health.note(planned, { ...nothingSent, failure: "invalid_request" });
        return { kind: "unsupported", error };
      }
      // A bug on the way out must not leave money held.
      if (!attempt.isSettled) attempt.settle(unbilledOutcome("connect", "errored", null));
      throw error;
    } finally {
      watch?.stop();
    }
  }
}

const nothingSent = { firstTokenMs: null, totalMs: 0, retryAfterMs: null };

function healthOf(attempt: LiveAttempt, end: AttemptEnd<unknown>, isLost: boolean): AttemptHealth {
  const { startedAt, firstTokenMs } = attempt;
  const totalMs = performance.now() - startedAt;
  if (end.kind === "answered") return { failure: null, firstTokenMs, totalMs, retryAfterMs: null };
  const { failure, retryAfterMs } = end.failure;
  // How an attempt ends that the client has left, or did not wait for, or that another one has beaten, is no one's fault.
  const wasCutShort = failure === "timeout" && attempt.timeouts !== attempt.target.planned.timeouts;
  const isNoFault = isLost || wasCutShort || attempt.order.call.isAbandoned;
  return { failure: isNoFault ? "client_cancelled" : failure, firstTokenMs, totalMs, retryAfterMs };
}

const noCredential: FailedEnd<never> = {
  kind: "failed",
  firstByteSent: false,
  upstreamStatus: null,
  tookMs: undefined,
  failure: {
    failure: "credential_rejected",
    message: "The gateway has no usable credential for this provider.",
    retryAfterMs: null,
    providerCode: null,
    providerParam: null,
    providerMessage: null,
  },
};
