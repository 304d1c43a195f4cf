/** OpenAI's organisation API: `/v1/organization/costs` and `/v1/organization/usage/completions` (and its sisters). */
import { bucketsOf, isFields, parseAmount, parseCount, parseDay, resultsOf, textOrNull } from "./statement-fields.ts";
import { StatementError, type StatementLine } from "./statement-line.ts";

/** Costs by line item: `amount.value` in dollars, `line_item` "gpt-4o-mini-2024-07-18, input". */
export function readOpenaiCosts(text: string): StatementLine[] {
  return bucketsOf(text).flatMap((bucket) => {
    const day = parseDay(bucket["start_time"], "start_time");
    return resultsOf(bucket).map((result) => {
      const { amount } = result;
      if (!isFields(amount)) throw new StatementError(`${day}: a result has no amount.`);
      if (String(amount["currency"]).toLowerCase() !== "usd") throw new StatementError(`${day}: not in US dollars.`);
      const [item] = (textOrNull(result["line_item"]) ?? "").split(",");
      const costPicoUsd = parseAmount(String(amount["value"]), 0, day);
      return { day, providerModel: textOrNull(item), tokens: null, requests: null, costPicoUsd };
    });
  });
}

// Cached and audio tokens are parts of the input and of the output (OpenAI's usage object), so they are not added.
export function readOpenaiUsage(text: string): StatementLine[] {
  return bucketsOf(text).flatMap((bucket) => {
    const day = parseDay(bucket["start_time"], "start_time");
    return resultsOf(bucket).map((result) => ({
      day,
      providerModel: textOrNull(result["model"]),
      tokens: parseCount(result["input_tokens"], day) + parseCount(result["output_tokens"], day),
      requests: parseCount(result["num_model_requests"], day),
      costPicoUsd: null,
    }));
  });
}
