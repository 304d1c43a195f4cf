import type { InFlightCalls } from "../accept/in-flight-calls.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { TaskPerformance } from "../performance/task-performance.ts";
import type { Logger } from "@switchyard/telemetry/logger";
import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import type { AttemptSender, ReaderFactory } from "./attempt-sender.ts";
import type { AttemptTargets } from "./attempt-targets.ts";
import { noHints } from "./client-hints.ts";
import { CompleteReader } from "./complete-reader.ts";
import type { DispatchOrder } from "./dispatch-order.ts";
import { StreamReader, type StreamReceiver } from "./stream-reader.ts";

/** Copies under way at one time in this process; a call beyond them is not copied. */
const mostAtOnce = 64;

const nobody: StreamReceiver = { begin: () => undefined, write: () => undefined, finish: () => undefined };

/**
 * Sends the copy that a plan names for a route's shadow, when the client has its answer: so nothing of the copy can delay or
 * change it. A copy is held, read to its end, settled and learned from as any attempt; whatever speaks against it, it is left out.
 */
export class ShadowSender {
  readonly #sender: AttemptSender;
  readonly #targets: AttemptTargets;
  readonly #inFlight: InFlightCalls;
  readonly #performance: TaskPerformance;
  readonly #logger: Logger;
  #underWay = 0;

  constructor(
    sender: AttemptSender,
    targets: AttemptTargets,
    inFlight: InFlightCalls,
    performance: TaskPerformance,
    logger: Logger,
  ) {
    this.#sender = sender;
    this.#targets = targets;
    this.#inFlight = inFlight;
    this.#performance = performance;
    this.#logger = logger;
  }

  /** Returns at once. A call with an Idempotency-Key, or whose client has left, is not copied. */
  start(order: DispatchOrder): void {
    const { call, plan } = order;
    if (plan.shadow === null || call.claim !== null || call.isClientGone) return;
    if (this.#underWay >= mostAtOnce || this.#inFlight.isDraining) return;
    void this.#send(order, plan.shadow);
  }

  async #send(order: DispatchOrder, planned: PlannedAttempt): Promise<void> {
    const call = order.call.copy();
    const admitted = order.admitted.forShadow();
    this.#underWay += 1;
    try {
      // Until it has settled, this process must not end.
      this.#inFlight.add(call);
      const target = await this.#targets.find(order.policy, planned);
      if (target.lacksCredential) return;
      const sending = { order: { ...order, call, admitted }, hints: noHints, createReader: readerOf(order) };
      await this.#sender.send(sending, target, null);
      if (call.task !== null) this.#performance.note(call.task, call.closedAttempts);
    } catch (error) {
      const { requestId } = call;
      // A budget that has no room, or a process that is full: the copy is what gives way.
      if (error instanceof GatewayError) this.#logger.debug({ requestId, code: error.code }, "a call was not copied");
      else this.#logger.error({ err: error, requestId }, "the copy of a call failed");
    } finally {
      this.#inFlight.remove(call);
      this.#underWay -= 1;
      admitted.finish(0);
    }
  }
}

function readerOf({ facts }: DispatchOrder): ReaderFactory<unknown> {
  return facts.stream
    ? (attempt, exchange) => new StreamReader(attempt, nobody, exchange)
    : (attempt) => new CompleteReader(attempt);
}
