import { createHash } from "node:crypto";
import type { Verdict } from "@switchyard/metering/usage-event";
import type { Escalation } from "@switchyard/policy-engine/routing/route-plan";
import { type AnswerValidation, usualValidation } from "@switchyard/policy-engine/validation/answer-rules";
import { type AnswerFlaw, findFlaw, standardOf } from "@switchyard/policy-engine/validation/judge-answer";
import { type AnswerContent, readWholeAnswer, readWholeStream } from "@switchyard/providers/clients/answer-content";
import { publicMessages } from "@switchyard/providers/failure/public-message";
import type { ProviderFailure } from "@switchyard/providers/provider-codec";
import type { LiveAttempt } from "../upstream/live-attempt.ts";
import { HeldAnswer } from "./held-answer.ts";

/** How an answer ended, as its reader has seen it. */
export interface AnswerEnding {
  readonly verdict: Verdict;
  readonly finishReasons: readonly (string | null)[];
  readonly isEmpty: boolean;
}

export interface Judgement {
  /** What the attempt is recorded with. */
  readonly verdict: Verdict;
  /** Set where another answer is wanted instead. */
  readonly failure: ProviderFailure | null;
}

/** Ends by length, in every protocol's words. */
const cutShort: ReadonlySet<string | null> = new Set(["length", "max_tokens", "model_context_window_exceeded"]);
const nothingRead: AnswerContent = { texts: [], callsTools: false, meanLogprob: null };

/** Judges the answer of one attempt by what its route, and its tier of a cascade, ask of answers. */
export class AnswerJudge {
  readonly #attempt: LiveAttempt;
  readonly #validation: AnswerValidation;
  readonly #standard: Escalation;
  readonly #replaces: boolean;
  readonly #holdsStreams: boolean;

  private constructor(attempt: LiveAttempt, validation: AnswerValidation | undefined, tier: Escalation | undefined) {
    this.#attempt = attempt;
    this.#validation = validation ?? usualValidation;
    this.#standard = bothOf(validation === undefined ? undefined : standardOf(validation), tier);
    this.#replaces = tier !== undefined || this.#validation.mode === "retry";
    this.#holdsStreams = tier !== undefined || this.#validation.buffered;
  }

  /** Null where nobody asks anything of the answer. */
  static of(attempt: LiveAttempt): AnswerJudge | null {
    const { order, target } = attempt;
    const { validation } = order.route;
    const { escalatesOn } = target.planned;
    if (order.operation !== "chat" || (validation === undefined && escalatesOn === undefined)) return null;
    return new AnswerJudge(attempt, validation, escalatesOn);
  }

  /** Where the pieces of a stream are held until it is judged; null where they are passed on. */
  holdStream(): HeldAnswer | null {
    return this.#holdsStreams ? new HeldAnswer(this.#validation.mostBytes) : null;
  }

  /** Judges a whole answer by its bytes. */
  judgeAnswer(body: Uint8Array, ending: AnswerEnding): Judgement {
    if (body.length > this.#validation.mostBytes) return this.tooLong(ending.verdict);
    const answer = readWholeAnswer(body);
    return this.#judge(answer === null ? nothingRead : this.#client.readContent([answer]), ending, [body]);
  }

  /** Judges a stream that is held back whole. */
  judgeHeld(pieces: readonly Uint8Array[], ending: AnswerEnding): Judgement {
    return this.#judge(this.#client.readContent(readWholeStream(Buffer.concat(pieces))), ending, pieces);
  }

  /** Says how a stream ended that the client has already; only what its end tells can be judged. */
  observe(ending: AnswerEnding): void {
    const flaw = this.#find(nothingRead, ending, ["truncated", "refused", "filtered"]);
    if (flaw !== null) this.#say("answer_flawed", `its answer ${flaw.what}; it had been delivered as it came`);
  }

  /** For an answer of which no more can be held. Without a failure it is passed on unjudged. */
  tooLong(verdict: Verdict): Judgement {
    const limit = `its answer is longer than the ${this.#validation.mostBytes} bytes that are held`;
    const isRefused = this.#validation.whenTooLong === "refuse";
    this.#say("answer_too_long", isRefused ? limit : `${limit}, and passed on without being checked`);
    return { verdict, failure: isRefused ? failureOf("answer_too_long") : null };
  }

  get #client() {
    return this.#attempt.order.call.client;
  }

  #judge(content: AnswerContent, ending: AnswerEnding, delivered: readonly Uint8Array[]): Judgement {
    const flaw = this.#find(content, ending, this.#standard.outcomes);
    if (flaw === null) {
      this.#say("answer_checked", `its answer was checked whole before its first byte; SHA-256 ${digestOf(delivered)}`);
      return { verdict: ending.verdict, failure: null };
    }
    const verdict = verdictOf(flaw, ending);
    if (this.#replaces) {
      this.#say("answer_flawed", `its answer ${flaw.what}`);
      return { verdict, failure: failureOf("invalid_answer") };
    }
    const { warnings } = this.#attempt.order.call;
    warnings.push("answer_invalid");
    const digest = digestOf(delivered);
    this.#say("answer_flawed", `its answer ${flaw.what}; it was delivered all the same; SHA-256 ${digest}`);
    return { verdict, failure: null };
  }

  #find(content: AnswerContent, ending: AnswerEnding, outcomes: Escalation["outcomes"]): AnswerFlaw | null {
    const { order } = this.#attempt;
    const { verdict, isEmpty, finishReasons } = ending;
    const isCutShort = finishReasons.some((reason) => cutShort.has(reason)) && !this.#isCutByClient();
    const form = this.#client.readAskedForm(order.body.parsed);
    return findFlaw({ ...content, verdict, isEmpty, isCutShort }, form, { ...this.#standard, outcomes });
  }

  /** Another attempt would be cut at the same length. */
  #isCutByClient(): boolean {
    const { order, held } = this.#attempt;
    const asked = order.facts.outputTokensAsked ?? null;
    return asked !== null && (held.outputTokensCap === null || held.outputTokensCap >= asked);
  }

  #say(code: string, what: string): void {
    const { order, target } = this.#attempt;
    order.call.because.push({ code, text: `${target.planned.label}: ${what}.` });
  }
}

function bothOf(route: Escalation | undefined, tier: Escalation | undefined): Escalation {
  if (route === undefined || tier === undefined) {
    return tier ?? route ?? { outcomes: [], meanLogprobAtLeast: null, charactersAtLeast: null };
  }
  return { ...tier, outcomes: [...new Set([...route.outcomes, ...tier.outcomes])] };
}

function verdictOf({ outcome }: AnswerFlaw, { verdict }: AnswerEnding): Verdict {
  if (outcome === "invalid") return "invalid";
  return outcome === "truncated" ? "truncated" : verdict;
}

function digestOf(pieces: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

function failureOf(failure: "invalid_answer" | "answer_too_long"): ProviderFailure {
  return {
    failure,
    message: publicMessages[failure],
    retryAfterMs: null,
    providerCode: null,
    providerParam: null,
    providerMessage: null,
  };
}
