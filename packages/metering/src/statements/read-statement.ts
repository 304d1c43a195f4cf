import { readAnthropicCosts, readAnthropicUsage } from "./anthropic-statement.ts";
import { readCsvStatement, type CsvMapping } from "./csv-statement.ts";
import { readOpenaiCosts, readOpenaiUsage } from "./openai-statement.ts";
import { StatementError, type StatementFormat, type StatementLine } from "./statement-line.ts";

/**
 * Reads what a provider says it charged, one line a day, model and line of the file. JSON answers may be one page or a
 * list of pages. Throws StatementError, whose message says where the file cannot be read.
 */
export function readStatement(format: StatementFormat, text: string, mapping: CsvMapping | null): StatementLine[] {
  switch (format) {
    case "openai_costs":
      return readOpenaiCosts(text);
    case "openai_usage":
      return readOpenaiUsage(text);
    case "anthropic_cost_report":
      return readAnthropicCosts(text);
    case "anthropic_usage_report":
      return readAnthropicUsage(text);
    case "csv":
      if (mapping === null) throw new StatementError("A CSV file needs the names of its columns.");
      return readCsvStatement(text, mapping);
  }
}
