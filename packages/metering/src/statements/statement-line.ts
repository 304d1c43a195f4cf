import type { PicoUsd } from "../pico-usd.ts";

/** One line of what a provider says it charged. Quantities and amounts that it does not tell are null. */
export interface StatementLine {
  /** In UTC, `YYYY-MM-DD`. */
  readonly day: string;
  /** As the provider spells it; null where it names none. */
  readonly providerModel: string | null;
  /** Over all token meters. */
  readonly tokens: bigint | null;
  readonly requests: bigint | null;
  readonly costPicoUsd: PicoUsd | null;
}

/** A statement that cannot be read; `message` says where and is fit to be shown. */
export class StatementError extends Error {
  override readonly name = "StatementError";
}

export const statementFormats = [
  "openai_costs",
  "openai_usage",
  "anthropic_cost_report",
  "anthropic_usage_report",
  "csv",
] as const;

export type StatementFormat = (typeof statementFormats)[number];
