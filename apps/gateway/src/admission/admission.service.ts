import { Injectable } from "@nestjs/common";
import type { AdmittedCall, AttemptToHold, CallToAdmit, HeldAttempt } from "./admission.ts";
import { CallFee } from "./call-fee.ts";
import { AttemptHolder, rateAmount } from "./attempt-holder.ts";
import { feeOfCall } from "./fee-of-call.ts";
import type { HoldOutcome, QuotaHeld, QuotaNeed } from "./hold-outcome.ts";
import { quotasOfCall, type MatchingQuotas } from "./matching-quotas.ts";
import { QuotaLeases } from "./quota-leases.ts";
import { QuotaMetrics } from "./quota-metrics.ts";
import { rateCharge } from "./rate-charge.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { refusalError } from "./refusal-error.ts";

@Injectable()
export class AdmissionService {
  readonly #leases: QuotaLeases;
  readonly #attempts: AttemptHolder;
  readonly #metrics: QuotaMetrics;

  constructor(leases: QuotaLeases, attempts: AttemptHolder, metrics: QuotaMetrics) {
    this.#leases = leases;
    this.#attempts = attempts;
    this.#metrics = metrics;
  }

  /**
   * Takes one request, one call in flight and the expected tokens from every rate limit in scope, all or nothing.
   * Returns at once where this process owns enough of each; a promise only where it must ask the database for more.
   * Throws (or rejects with) GatewayError: rate_limit_exceeded, concurrency_limit_exceeded, rate_limit_unavailable.
   */
  admit(call: CallToAdmit): AdmittedCall | Promise<AdmittedCall> {
    const quotas = quotasOfCall(call.policy, call.attribution, call.route.routeId);
    const needs: QuotaNeed[] = quotas.rates.map((quota) => ({ quota, amount: rateAmount(quota, call) }));
    const outcome = this.#leases.hold(needs);
    return outcome instanceof Promise
      ? outcome.then((settled) => this.#admitted(call, quotas, settled))
      : this.#admitted(call, quotas, outcome);
  }

  #admitted(call: CallToAdmit, quotas: MatchingQuotas, outcome: HoldOutcome): AdmittedCall {
    if (outcome.kind === "refused") {
      const error = refusalError(outcome.refusal, rateAmount(outcome.refusal.quota, call));
      this.#metrics.countRefusal(error);
      throw error;
    }
    const terms = feeOfCall(call.policy, call.attribution, call.route.routeId);
    const fee = terms === null ? null : new CallFee(terms);
    return new CallWithHolds(call, quotas, outcome.held, this.#leases, this.#attempts, fee);
  }
}

class CallWithHolds implements AdmittedCall {
  readonly #call: CallToAdmit;
  readonly #quotas: MatchingQuotas;
  readonly #held: readonly QuotaHeld[];
  readonly #leases: QuotaLeases;
  readonly #attempts: AttemptHolder;
  readonly #fee: CallFee | null;
  #isFinished = false;

  constructor(
    call: CallToAdmit,
    quotas: MatchingQuotas,
    held: readonly QuotaHeld[],
    leases: QuotaLeases,
    attempts: AttemptHolder,
    fee: CallFee | null,
  ) {
    this.#call = call;
    this.#quotas = quotas;
    this.#held = held;
    this.#leases = leases;
    this.#attempts = attempts;
    this.#fee = fee;
  }

  holdAttempt(attempt: AttemptToHold): Promise<HeldAttempt> {
    return this.#attempts.hold(this.#call, this.#quotas, attempt, this.#fee);
  }

  forShadow(): AdmittedCall {
    const { attribution, policy, route } = this.#call;
    const tags = [...attribution.tags, `shadow=${route.name}`].toSorted();
    const call = { ...this.#call, attribution: { ...attribution, tags: [...new Set(tags)] } };
    const quotas = quotasOfCall(policy, call.attribution, route.routeId);
    return new CallWithHolds(call, quotas, [], this.#leases, this.#attempts, null);
  }

  rateLimitHeaders(): Readonly<Record<string, string>> {
    return rateLimitHeaders(this.#quotas.rates, this.#leases);
  }

  finish(tokensUsed: number): void {
    if (this.#isFinished) throw new Error(`call ${this.#call.requestId} was finished before`);
    this.#isFinished = true;
    for (const held of this.#held) this.#leases.close(held, rateCharge(held, tokensUsed));
  }
}
