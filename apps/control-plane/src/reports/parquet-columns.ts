/** The Parquet form of a spend row: amounts are DECIMAL(38,12), so that a reader's sum is the ledger's. */
import type { SpendRow } from "@switchyard/metering/spend-row";

/** Names the columns; a change of their meaning changes the number. */
export const spendParquetSchemaVersion = "switchyard-spend-parquet/1";

export interface ParquetColumn {
  readonly name: string;
  readonly kind: "text" | "optional_text" | "instant" | "quantity" | "usd";
  /** An instant is epoch milliseconds, an amount of money pico-USD: the unscaled value of its decimal. */
  readonly value: (row: SpendRow) => string | bigint | null;
}

type Kind = ParquetColumn["kind"];
const column = (name: string, kind: Kind, value: ParquetColumn["value"]): ParquetColumn => ({ name, kind, value });

type NamedField = "organisation" | "team" | "project" | "virtualKey" | "route" | "connection" | "provider" | "model";
const named = (name: string, field: NamedField): ParquetColumn[] => [
  column(`${name}_id`, "text", (row) => row[field].id),
  column(name, "text", (row) => row[field].name),
];

export const parquetColumns: readonly ParquetColumn[] = [
  column("hour_start", "instant", (row) => BigInt(row.hourMs)),
  ...named("organisation", "organisation"),
  ...named("team", "team"),
  ...named("project", "project"),
  ...named("virtual_key", "virtualKey"),
  column("user", "optional_text", (row) => row.user),
  column("tags", "text", (row) => row.tags.join(",")),
  ...named("route", "route"),
  ...named("connection", "connection"),
  ...named("provider", "provider"),
  ...named("model", "model"),
  column("meter", "text", (row) => row.meter),
  column("quantity", "quantity", (row) => row.quantity),
  column("cost_usd", "usd", (row) => row.costPicoUsd),
];
