/** Anthropic's admin API: `/v1/organizations/cost_report` and `/v1/organizations/usage_report/messages`. */
import {
  bucketsOf,
  isFields,
  parseAmount,
  parseCount,
  parseDay,
  resultsOf,
  textOrNull,
  type Fields,
} from "./statement-fields.ts";
import { StatementError, type StatementLine } from "./statement-line.ts";

const centDigits = 2;

/** Amounts are decimals of cents ("123.78912"); `model` is there when the report is grouped by description. */
export function readAnthropicCosts(text: string): StatementLine[] {
  return bucketsOf(text).flatMap((bucket) => {
    const day = parseDay(bucket["starting_at"], "starting_at");
    return resultsOf(bucket).map((result) => {
      if (result["currency"] !== "USD") throw new StatementError(`${day}: not in US dollars.`);
      const costPicoUsd = parseAmount(String(result["amount"]), centDigits, day);
      return { day, providerModel: textOrNull(result["model"]), tokens: null, requests: null, costPicoUsd };
    });
  });
}

// Unlike OpenAI's, these counts exclude each other.
export function readAnthropicUsage(text: string): StatementLine[] {
  return bucketsOf(text).flatMap((bucket) => {
    const day = parseDay(bucket["starting_at"], "starting_at");
    return resultsOf(bucket).map((result) => ({
      day,
      providerModel: textOrNull(result["model"]),
      tokens: tokensOf(result, day),
      requests: null,
      costPicoUsd: null,
    }));
  });
}

function tokensOf(result: Fields, day: string): bigint {
  const creation = isFields(result["cache_creation"]) ? result["cache_creation"] : {};
  const counts = [
    result["uncached_input_tokens"],
    result["cache_read_input_tokens"],
    result["output_tokens"],
    creation["ephemeral_5m_input_tokens"],
    creation["ephemeral_1h_input_tokens"],
  ];
  return counts.reduce<bigint>((sum, count) => sum + parseCount(count, day), 0n);
}
