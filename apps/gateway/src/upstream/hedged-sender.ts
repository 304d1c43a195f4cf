import { hasHedgeBudget, hedgeDelayMs } from "@switchyard/policy-engine/resilience/hedging";
import { hasRetryBudget } from "@switchyard/policy-engine/resilience/retry-budget";
import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import { GatewayError } from "../errors/gateway-error.ts";
import type { HealthMap } from "../routing/health-map.ts";
import type { AttemptSender, Leg, Sending, SendingEnd } from "./attempt-sender.ts";
import type { AttemptTargets } from "./attempt-targets.ts";
import type { HedgeCounts } from "./hedge-counts.ts";
import type { AttemptTarget } from "./live-attempt.ts";

/** How a target, or one of two beside each other, came to answer or fail. */
export interface LegResult<Answer> {
  readonly target: AttemptTarget;
  readonly end: SendingEnd<Answer>;
  /** What of the plan is left. */
  readonly remaining: readonly PlannedAttempt[];
  /** The other leg, where it failed by itself. */
  readonly alsoFailed: { readonly target: AttemptTarget; readonly end: SendingEnd<Answer> } | null;
}

interface StartedLeg<Answer> {
  readonly target: AttemptTarget;
  readonly end: Promise<SendingEnd<Answer> | GatewayError>;
  lose(): void;
  isLost: boolean;
  hasBegun: boolean;
}

/** Without a route's own share, what "The Tail at Scale" pays for its gains. */
const usualPercent = 5;

/**
 * Sends an attempt and, where its first byte is late and the budgets allow, the next one beside it. The first byte wins;
 * the other is let go of. Each leg has its own hold and its own settlement.
 */
export class HedgedSender {
  readonly #sender: AttemptSender;
  readonly #targets: AttemptTargets;
  readonly #health: HealthMap;
  readonly #counts: HedgeCounts;

  constructor(sender: AttemptSender, targets: AttemptTargets, health: HealthMap, counts: HedgeCounts) {
    this.#sender = sender;
    this.#targets = targets;
    this.#health = health;
    this.#counts = counts;
  }

  async send<Answer>(
    sending: Sending<Answer>,
    target: AttemptTarget,
    remaining: readonly PlannedAttempt[],
  ): Promise<LegResult<Answer>> {
    const { route } = sending.order;
    const delayMs = remaining.length === 0 ? null : hedgeDelayMs(target.planned, route, this.#health.facts());
    if (delayMs === null) {
      return { target, end: await this.#sender.send(sending, target, null), remaining, alsoFailed: null };
    }
    this.#counts.noteCall(route.routeId);
    return this.#race(sending, target, remaining, delayMs);
  }

  async #race<Answer>(
    sending: Sending<Answer>,
    target: AttemptTarget,
    remaining: readonly PlannedAttempt[],
    delayMs: number,
  ): Promise<LegResult<Answer>> {
    const { call } = sending.order;
    let second: StartedLeg<Answer> | null = null;
    const first = this.#start(sending, target, null, () => second?.lose());
    const timer = setTimeout(() => {
      if (first.hasBegun) return;
      const other = this.#hedgeTarget(sending, target, remaining);
      if (other === null) return;
      call.because.push({
        code: "hedged",
        text: `${target.planned.label} had sent nothing after ${Math.round(delayMs)} ms; ${other.planned.label} was asked beside it.`,
      });
      second = this.#start(sending, other, "hedge", () => {
        first.lose();
        call.because.push({ code: "hedge_won", text: `${other.planned.label} answered first.` });
      });
    }, delayMs);
    const firstEnd = await first.end;
    clearTimeout(timer);
    // Assigned in the timer's callback, which the compiler does not see.
    const beside = second as StartedLeg<Answer> | null;
    if (beside === null) {
      if (firstEnd instanceof GatewayError) throw firstEnd;
      return { target, end: firstEnd, remaining, alsoFailed: null };
    }
    const secondEnd = await beside.end;
    const left = remaining.filter((planned) => planned !== beside.target.planned);
    const secondDecides = !(secondEnd instanceof GatewayError) && !beside.isLost && !first.hasBegun;
    if (secondDecides) {
      const hasFailed = !first.isLost && !(firstEnd instanceof GatewayError);
      return {
        target: beside.target,
        end: secondEnd,
        remaining: left,
        alsoFailed: hasFailed ? { target, end: firstEnd } : null,
      };
    }
    if (firstEnd instanceof GatewayError) throw firstEnd;
    return { target, end: firstEnd, remaining: left, alsoFailed: null };
  }

  /** The next of the plan, rather at another provider account; null where the budgets speak against it. */
  #hedgeTarget<Answer>(
    { order }: Sending<Answer>,
    { planned }: AttemptTarget,
    remaining: readonly PlannedAttempt[],
  ): AttemptTarget | null {
    const { call, route, policy } = order;
    if (call.isAbandoned || call.attempts >= route.maxAttempts) return null;
    const chosen = remaining.find(({ connectionId }) => connectionId !== planned.connectionId) ?? remaining[0];
    if (chosen === undefined) return null;
    const { connections, nowMs } = this.#health.facts();
    const sent = connections.get(chosen.connectionId)?.sentAt(nowMs);
    if (sent !== undefined && !hasRetryBudget(sent)) return null;
    const percent = route.resilience?.hedging.mostPercentOfCalls ?? usualPercent;
    if (!hasHedgeBudget(this.#counts.of(route.routeId), percent)) return null;
    const target = this.#targets.find(policy, chosen);
    // Its credential is being fetched, and a hedge that has to wait for that comes too late; the next one finds it there.
    if (target instanceof Promise) {
      target.catch(() => undefined);
      return null;
    }
    if (target.lacksCredential) return null;
    this.#counts.noteHedge(route.routeId);
    return target;
  }

  #start<Answer>(
    sending: Sending<Answer>,
    target: AttemptTarget,
    role: "hedge" | null,
    onBegin: () => void,
  ): StartedLeg<Answer> {
    let run: { lose(): void } | null = null;
    const leg: Leg = {
      role: role ?? target.planned.role,
      onRun: (started) => {
        run = started;
        // It was beaten while its money was being held.
        if (state.isLost) started.lose();
      },
      onBegin: () => {
        state.hasBegun = true;
        onBegin();
      },
    };
    const state: StartedLeg<Answer> = {
      target,
      end: this.#sender.send(sending, target, leg).catch((error: unknown) => {
        // That a second leg could not be paid for must not end the first.
        if (error instanceof GatewayError) return error;
        throw error;
      }),
      isLost: false,
      hasBegun: false,
      lose: () => {
        state.isLost = true;
        run?.lose();
      },
    };
    // It is awaited when the other leg has ended; until then a bug must not count as unhandled.
    state.end.catch(() => undefined);
    return state;
  }
}
