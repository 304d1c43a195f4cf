/** Every roll-up that is kept, and what it has to be the sum of. The database is searched for others by a test. */
import { dimensions, type SourceName } from "./roll-up-sources.ts";

export interface RollUp {
  readonly table: string;
  readonly time: "hour" | "day";
  /** What its groups are told apart by, besides their time; fewer columns than its own key where the source knows fewer. */
  readonly keys: readonly string[];
  /** Columns that the keys determine. */
  readonly carried: readonly string[];
  readonly sums: readonly string[];
  readonly histograms: readonly string[];
  readonly source: SourceName;
  /**
   * The roll-ups that its source reads: it can be written anew where all of these are right. Null where the source does not
   * know all of its columns: a difference is for people then.
   */
  readonly remadeFrom: readonly string[] | null;
}

const counts = ["requests", "errors", "refusals", "cache_hits", "cache_lookups", "attempts"];
const histograms = ["duration_buckets", "first_token_buckets"];
const money = ["quantity", "cost_pico_usd"];

type Shape = Omit<RollUp, "table" | "time" | "source" | "remadeFrom">;

const keyed = (carried: readonly string[], sums: readonly string[]): Shape => ({
  keys: ["dimension_key"],
  carried,
  sums,
  histograms: [],
});
const told = (keys: readonly string[], sums: readonly string[], carried: readonly string[] = []): Shape => ({
  keys,
  carried,
  sums,
  histograms: [],
});

const ledger = told(
  ["virtual_key_id", "connection_id", "model_id", "kind", "usage_source"],
  ["entries", "amount_pico_usd"],
);
const spend = keyed(dimensions.spend, money);
const request = keyed(dimensions.request, [...counts, "cost_pico_usd"]);
const serviceCounts = keyed(dimensions.service, counts);
const service = { ...serviceCounts, histograms };
const attribution = told(
  ["kind", "virtual_key_id", "value"],
  ["requests", "tokens", "cost_pico_usd"],
  ["organisation_id", "team_id", "project_id"],
);

const hourly = (name: string) => ({ table: `${name}_rollup_hour`, time: "hour" }) as const;
const daily = (name: string) => ({ table: `${name}_rollup_day`, time: "day" }) as const;
const fromCosts = ["cost_rollup_hour"];

/** Compared with the ledger, or with a roll-up that is. Those that others are made from come first. */
const ofMoney: readonly RollUp[] = [
  { ...hourly("ledger"), ...ledger, source: "entries", remadeFrom: [] },
  { ...daily("ledger"), ...ledger, source: "entries", remadeFrom: [] },
  {
    ...hourly("cost"),
    ...told(["virtual_key_id", "connection_id", "model_id"], ["cost_pico_usd"]),
    source: "charges",
    remadeFrom: null,
  },
  { ...daily("cost"), ...keyed(dimensions.cost, money), source: "costs", remadeFrom: fromCosts },
  { ...hourly("spend"), ...spend, source: "spent", remadeFrom: fromCosts },
  { ...daily("spend"), ...spend, source: "spent", remadeFrom: fromCosts },
];

const ofCallsLogged: readonly RollUp[] = [
  { ...hourly("request"), ...request, source: "requests", remadeFrom: [] },
  { ...daily("request"), ...request, source: "requests", remadeFrom: [] },
  { ...hourly("service"), ...service, source: "served", remadeFrom: [] },
  { ...daily("service"), ...service, source: "served", remadeFrom: [] },
  { ...hourly("attribution"), ...attribution, source: "attributed", remadeFrom: fromCosts },
  { ...daily("attribution"), ...attribution, source: "attributed", remadeFrom: fromCosts },
  { ...daily("caller"), ...keyed(dimensions.caller, ["requests"]), source: "callers", remadeFrom: [] },
  {
    table: "task_outcome_hour",
    time: "hour",
    ...told(
      ["route_id", "task_class"],
      ["tasks", "successes", "cost_pico_usd", "cost_squared", "success_cost_pico_usd"],
    ),
    source: "tasks",
    remadeFrom: null,
  },
  {
    table: "target_outcome_hour",
    time: "hour",
    ...told(["route_id", "connection_id", "model_id"], ["attempts", "escalations"]),
    source: "tried",
    remadeFrom: null,
  },
];

/** The log is kept for a while only: after that roll-ups of calls can still be compared with each other. */
const ofCallsForgotten: readonly RollUp[] = [
  { ...daily("request"), ...request, source: "request_hours", remadeFrom: ["request_rollup_hour"] },
  { ...hourly("service"), ...serviceCounts, source: "served_counts", remadeFrom: null },
  { ...daily("service"), ...service, source: "service_hours", remadeFrom: ["service_rollup_hour"] },
  {
    ...hourly("attribution"),
    ...attribution,
    sums: ["tokens", "cost_pico_usd"],
    source: "attributed_spend",
    remadeFrom: null,
  },
  { ...daily("attribution"), ...attribution, source: "attributed_hours", remadeFrom: ["attribution_rollup_hour"] },
];

export function rollUpsToCompare(isLogKept: boolean): readonly RollUp[] {
  return [...ofMoney, ...(isLogKept ? ofCallsLogged : ofCallsForgotten)];
}
