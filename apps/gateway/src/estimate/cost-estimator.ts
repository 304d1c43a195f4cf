import { expectedCost } from "@switchyard/metering/expected-cost";
import type { PicoUsd } from "@switchyard/metering/pico-usd";
import { pinnedPriceVersion } from "@switchyard/metering/pinned-price-version";
import { worstCaseCost } from "@switchyard/metering/worst-case-cost";
import type { PolicyConnection, PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import { boundsOfCall, expectedTokens, type CallSize } from "../admission/estimate.ts";
import type { PromptTexts } from "./prompt-texts.ts";
import type { TokenCounter } from "./token-counter.ts";
import { tokenizerOfModel } from "./tokenizer-of-model.ts";

export interface TargetToEstimate {
  readonly connection: PolicyConnection;
  readonly model: PolicyModel;
}

/** What one target would cost. Null amounts: the model has no price there. */
export interface TargetEstimate extends TargetToEstimate {
  readonly priceVersionId: string | null;
  readonly inputTokensExpected: number;
  /** How the expected input was counted; a stand-in is a public tokenizer in place of one that is not. */
  readonly countedBy: "tokenizer" | "stand_in_tokenizer" | "bytes";
  readonly inputTokensAtMost: number;
  /** Of all answers together. */
  readonly outputTokensExpected: number;
  readonly outputTokensAtMost: number;
  readonly expectedPicoUsd: PicoUsd | null;
  /** What admission holds. */
  readonly worstCasePicoUsd: PicoUsd | null;
}

/** What a picture of about a megapixel costs in most catalogues (OpenAI, high detail: 85 + 4 tiles x 170). */
const usualImageTokens = 765;

/** Says what a call would cost at each target, by the bounds and the arithmetic that admission holds money by. */
export class CostEstimator {
  readonly #counter: TokenCounter;

  constructor(counter: TokenCounter) {
    this.#counter = counter;
  }

  async estimate(
    size: CallSize,
    prompt: PromptTexts,
    targets: readonly TargetToEstimate[],
    atMs: number,
  ): Promise<TargetEstimate[]> {
    const encodings = new Set(targets.map(({ model }) => tokenizerOfModel(model.providerModel).encoding));
    const counts = new Map(
      await Promise.all(
        [...encodings].map(async (encoding) => [encoding, await this.#counter.count(prompt.texts, encoding)] as const),
      ),
    );
    return targets.map((target) => {
      const tokenizer = tokenizerOfModel(target.model.providerModel);
      const counted = counts.get(tokenizer.encoding) ?? null;
      const added = prompt.overheadTokens + prompt.images * usualImageTokens;
      return estimateTarget(size, target, counted === null ? null : counted + added, tokenizer.isOwn, atMs);
    });
  }
}

function estimateTarget(
  size: CallSize,
  { connection, model }: TargetToEstimate,
  counted: number | null,
  isOwnTokenizer: boolean,
  atMs: number,
): TargetEstimate {
  const bounds = boundsOfCall(size, model);
  const usual = expectedTokens(size);
  const expected = {
    inputTokens: Math.min(counted ?? usual.inputTokens, bounds.inputTokensAtMost),
    outputTokens: Math.min(usual.outputTokens, bounds.outputTokensAtMost * bounds.answers),
    atMs,
  };
  const version = pinnedPriceVersion(model.prices, connection.connectionId, atMs);
  return {
    connection,
    model,
    priceVersionId: version?.priceVersionId ?? null,
    inputTokensExpected: expected.inputTokens,
    countedBy: counted === null ? "bytes" : isOwnTokenizer ? "tokenizer" : "stand_in_tokenizer",
    inputTokensAtMost: bounds.inputTokensAtMost,
    outputTokensExpected: expected.outputTokens,
    outputTokensAtMost: bounds.outputTokensAtMost * bounds.answers,
    expectedPicoUsd: version === null ? null : expectedCost(version, expected),
    worstCasePicoUsd: version === null ? null : worstCaseCost(version, bounds),
  };
}
