import { StreamFindings } from "../events/stream-findings.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import type { ProviderFailure } from "../provider-codec.ts";
import type { CompletionFacts } from "./completion-facts.ts";
import { isFailedFinish, openAiFinish } from "./finish-reason.ts";
import { isLessUsage, readOpenAiUsage, type UsageDialect } from "./read-usage.ts";

/** What a stream of chat completions has told so far. */
export class CompletionNotes extends StreamFindings {
  readonly #counting: UsageDialect;

  constructor(counting: UsageDialect) {
    super();
    this.#counting = counting;
  }

  /** Every choice that began has ended, and one did begin (wire formats 1.4). */
  get isFinished(): boolean {
    if (this.finishReasons.size === 0) return false;
    for (const reason of this.finishReasons.values()) if (reason === null) return false;
    return true;
  }

  /** `isClosed`: what comes after the end of the answer cannot reach the client, so it cannot complete the answer either. */
  note(facts: CompletionFacts, isClosed: boolean): void {
    this.contentBytes += facts.contentBytes;
    if (this.model === null) this.model = facts.model;
    if (this.serviceTier === null) this.serviceTier = facts.serviceTier;
    for (const choice of isClosed ? [] : (facts.choices ?? [])) {
      if (isFailedFinish(choice.finishReason)) this.fail(classifyErrorObject(null));
      if (choice.hasContent || choice.hasRefusal) this.contentSeen = true;
      if (choice.hasRefusal) this.refusalSeen = true;
      this.finishReasons.set(choice.index, this.#finishOf(choice.finishReason, choice.index));
    }
    if (facts.usage === undefined) return;
    // Servers that report as they go repeat growing figures: the largest report counts, never the sum.
    const reading = readOpenAiUsage(facts.usage, "chat", this.#counting);
    if (!isLessUsage(reading, this.usage)) this.usage = reading;
  }

  /** What comes after `[DONE]` is not waited for, so that where the network cuts a stream may not decide on it. */
  fail(failure: ProviderFailure): void {
    if (!this.doneSeen) this.failure ??= failure;
  }

  /** A late chunk without a reason does not unfinish a choice; a repeated reason is the same one again. */
  #finishOf(told: string | null, index: number): string | null {
    if (told === null) return this.finishReasons.get(index) ?? null;
    const finish = openAiFinish(told);
    // An ending that nobody here knows must not pass for a good one.
    if (finish === undefined) this.fail(malformedResponse());
    return finish ?? null;
  }
}
