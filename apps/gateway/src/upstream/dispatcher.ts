import { afterAttempt, type NextStep } from "@switchyard/policy-engine/resilience/after-attempt";
import { timeLeftMs } from "@switchyard/policy-engine/resilience/client-deadline";
import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import type { Logger } from "@switchyard/telemetry/logger";
import { ConnectionFullError } from "../admission/connection-full.error.ts";
import { errorOfFailure } from "../errors/error-of-failure.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { HealthMap } from "../routing/health-map.ts";
import type { SetAsideMemory } from "../routing/set-aside.memory.ts";
import type { KeptAnswer } from "./answer-reader.ts";
import type { FailedEnd } from "./attempt-run.ts";
import type { AttemptSender, ReaderFactory, Sending } from "./attempt-sender.ts";
import type { AttemptTargets } from "./attempt-targets.ts";
import { readClientHints } from "./client-hints.ts";
import { CompleteReader, type CompleteAnswer } from "./complete-reader.ts";
import type { DispatchOrder } from "./dispatch-order.ts";
import { HedgeCounts } from "./hedge-counts.ts";
import { HedgedSender, type LegResult } from "./hedged-sender.ts";
import type { AttemptTarget } from "./live-attempt.ts";
import type { ProviderLimits } from "./provider-limits.ts";
import { RelayReader, type RelayedAnswer, type RelayReceiver } from "./relay-reader.ts";
import type { ShadowSender } from "./shadow-sender.ts";
import { StreamReader, type StreamAnswer, type StreamReceiver } from "./stream-reader.ts";

/**
 * Walks a plan: sends an attempt, and asks the engine what a failure leads to. One attempt at a time, unless a late one is
 * hedged; none after the first byte to the client.
 */
export class AttemptDispatcher {
  readonly #targets: AttemptTargets;
  readonly #setAside: SetAsideMemory;
  readonly #health: HealthMap;
  readonly #logger: Logger;
  readonly #sender: HedgedSender;
  readonly #limits: ProviderLimits;
  readonly #shadows: ShadowSender;

  constructor(
    sender: AttemptSender,
    shadows: ShadowSender,
    targets: AttemptTargets,
    setAside: SetAsideMemory,
    health: HealthMap,
    limits: ProviderLimits,
    logger: Logger,
  ) {
    this.#limits = limits;
    this.#shadows = shadows;
    this.#targets = targets;
    this.#setAside = setAside;
    this.#health = health;
    this.#logger = logger;
    this.#sender = new HedgedSender(sender, targets, health, new HedgeCounts());
  }

  /** Gets a whole answer. Throws GatewayError where no attempt brought one. */
  async complete(order: DispatchOrder): Promise<CompleteAnswer> {
    return this.#walk(order, (attempt) => new CompleteReader(attempt));
  }

  /** Streams an answer to the receiver; resolves after its last byte. Throws GatewayError where it had no good end. */
  async stream(order: DispatchOrder, receiver: StreamReceiver): Promise<StreamAnswer> {
    return this.#walk(order, (attempt, exchange) => new StreamReader(attempt, receiver, exchange));
  }

  /** Passes an answer on as it comes, whatever its bytes mean; resolves after the last. Throws GatewayError where it had no good end. */
  async relay(order: DispatchOrder, receiver: RelayReceiver): Promise<RelayedAnswer> {
    return this.#walk(order, (attempt, exchange) => new RelayReader(attempt, receiver, exchange));
  }

  /** Gets an answer read by a reader of the caller's own. Throws GatewayError where it had no good end. */
  async pass<Answer>(order: DispatchOrder, createReader: ReaderFactory<Answer>): Promise<Answer> {
    return this.#walk(order, createReader);
  }

  /** Copies an order that has been answered to the route's shadow, where its plan says so. Returns at once. */
  shadow(order: DispatchOrder): void {
    this.#shadows.start(order);
  }

  async #walk<Answer>(order: DispatchOrder, createReader: ReaderFactory<Answer>): Promise<Answer> {
    const sending = { order, hints: readClientHints(order.call), createReader };
    let left = order.plan.attempts;
    let patienceMs = order.route.resilience?.providerLimits?.waitAtMostMs ?? 0;
    let kept: KeptAnswer<Answer> | null = null;
    try {
      for (;;) {
        const [planned, ...after] = left;
        if (planned === undefined) throw new GatewayError("no_target_available", "No target is left to try.");
        const roomInMs = this.#limits.roomInMs(order, planned);
        if (roomInMs > 0) {
          const full = { why: `its provider's limit has no room for another ${Math.ceil(roomInMs)} ms`, roomInMs };
          ({ left, patienceMs } = await this.#limits.afterFull(order, left, full, patienceMs));
          continue;
        }
        this.#limits.take(order, planned);
        const found = this.#targets.find(order.policy, planned);
        const first = found instanceof Promise ? await found : found;
        let leg: LegResult<Answer>;
        try {
          leg = await this.#sender.send(sending, first, after);
        } catch (error) {
          if (!(error instanceof ConnectionFullError)) throw error;
          this.#health.note(planned, nothingSent);
          const full = { why: `its limit "${error.limitName}" is reached`, roomInMs: error.roomInMs };
          ({ left, patienceMs } = await this.#limits.afterFull(order, left, full, patienceMs));
          continue;
        }
        const { target, end, remaining, alsoFailed } = leg;
        if (alsoFailed?.end.kind === "failed") this.#stepAfter(sending, alsoFailed.target, alsoFailed.end, []);
        if (end.kind === "answered") return end.answer;
        if (end.kind === "unsupported") {
          if (remaining.length === 0) throw end.error;
          order.call.because.push({
            code: "next_target",
            text: `${target.planned.label} was passed over: ${end.error.message}`,
          });
          left = remaining;
          continue;
        }
        if (end.kept !== undefined) {
          kept?.drop();
          kept = end.kept;
        }
        const candidates = withLargerModel(order, end, remaining);
        const step = this.#stepAfter(sending, target, end, candidates);
        order.call.because.push(step.because);
        if (step.next === "stop") throw errorOfFailure(end.failure);
        left = candidates.slice(step.index);
        if (isEscalation(target.planned, end)) left = asEscalation(left);
      }
    } catch (error) {
      if (kept === null || !(error instanceof GatewayError) || order.call.isClientGone) throw error;
      order.call.because.push({
        code: "escalation_failed",
        text: `No better answer could be had (${error.code}); the one that was not good enough was delivered.`,
      });
      order.call.warnings.push("answer_below_standard");
      return kept.deliver();
    } finally {
      kept?.drop();
    }
  }

  #stepAfter<Answer>(
    { order, hints }: Sending<Answer>,
    target: AttemptTarget,
    { failure, firstByteSent, upstreamStatus, tookMs }: FailedEnd,
    remaining: readonly PlannedAttempt[],
  ): NextStep {
    const { call, route } = order;
    const step = afterAttempt({
      failure: failure.failure,
      firstByteSent,
      upstreamStatus,
      ...(tookMs === undefined ? {} : { tookMs }),
      attempt: target.planned,
      credentialId: target.credential?.credentialId ?? null,
      hasOtherCredential: target.hasOtherCredential,
      attemptsMade: call.attempts,
      maxAttempts: route.maxAttempts,
      timeLeftMs: timeLeftMs(hints.deadline, performance.now() - call.startedAt),
      remaining,
      afterFailure: route.resilience?.afterFailure,
      health: this.#health.facts(),
    });
    // A call that is not ours may be refused for what it asks: that must not take the credential from everybody else.
    if (step.setAside !== null && order.createRequest === undefined) this.#setAside.add(step.setAside, Date.now());
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
    return step;
  }
}

/** Only a request that is too long is worth the place that the plan did not have. */
function withLargerModel(
  { plan: { largerModel } }: DispatchOrder,
  { failure }: FailedEnd,
  remaining: readonly PlannedAttempt[],
): readonly PlannedAttempt[] {
  const isWanted = largerModel !== undefined && failure.failure === "context_length_exceeded";
  return isWanted && !remaining.includes(largerModel) ? [...remaining, largerModel] : remaining;
}

function isEscalation({ tier }: PlannedAttempt, { failure }: FailedEnd): boolean {
  return tier !== undefined && failure.failure === "invalid_answer";
}

function asEscalation([next, ...rest]: readonly PlannedAttempt[]): readonly PlannedAttempt[] {
  return next === undefined ? [] : [{ ...next, role: "escalation" }, ...rest];
}

/** A call that was never sent says nothing of its target. */
const nothingSent = { failure: "invalid_request", firstTokenMs: null, totalMs: 0, retryAfterMs: null } as const;
