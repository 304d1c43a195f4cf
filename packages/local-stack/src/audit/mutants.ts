/**
 * The bugs of other gateways, one after the other in ours: the audit has to notice each of them. What each does is in
 * apps/gateway/test/rehearsal/mutants, or here where the bug is one of the database.
 */
import type { DatabaseBug } from "./database-bug.ts";
import type { FaultName } from "./nemesis.ts";

export interface Mutant {
  readonly name: string;
  readonly bug: string;
  /** Without which it does no harm. */
  readonly faults: readonly FaultName[];
  readonly inDatabase?: DatabaseBug;
}

const harmless: readonly FaultName[] = [];
const crash: readonly FaultName[] = ["gateway process killed", "gateway process killed"];

/** The control: faults alone must break nothing. */
export const control: Mutant = {
  name: "none",
  bug: "no bug, the same faults",
  faults: [...crash, "leases expired", "queue emptied", "database restarted"],
};

export const mutants: readonly Mutant[] = [
  {
    name: "check-then-act",
    bug: "budgets are checked before a call and charged after it",
    faults: harmless,
  },
  { name: "hold-skipped", bug: "every other call is trusted and not held", faults: harmless },
  { name: "double-refund", bug: "what a hold did not use is given back twice", faults: harmless },
  { name: "returned-lease-kept", bug: "a lease that was given back is spent on", faults: harmless },
  { name: "aborted-call-lost", bug: "a client that hangs up takes its record along", faults: harmless },
  { name: "hold-after-dispatch", bug: "holds reach the journal after the call", faults: crash },
  { name: "ingested-twice", bug: "a batch delivered twice counts twice", faults: harmless },
  {
    name: "acknowledged-early",
    bug: "the journal is deleted before the database has it",
    faults: ["queue emptied"],
  },
  { name: "crash-is-free", bug: "what a crash cut off costs nothing", faults: crash },
  { name: "negative-cost", bug: "negative usage is booked as a credit", faults: harmless },
  { name: "reported-cost-trusted", bug: "a call costs what its provider says that it cost", faults: harmless },
  { name: "cached-tokens-twice", bug: "cached tokens are counted as input, too", faults: harmless },
  {
    name: "priced-at-settlement",
    bug: "calls cost what they would if they began at their end",
    faults: harmless,
  },
  { name: "float-money", bug: "money is a floating-point number", faults: harmless },
  { name: "failed-attempt-is-free", bug: "a retry loses the cost of the first attempt", faults: harmless },
  { name: "truncated-is-free", bug: "a truncated stream is complete and unbilled", faults: harmless },
  { name: "hostile-usage-is-free", bug: "unreadable usage is no usage", faults: harmless },
  { name: "cache-hit-billed", bug: "an answer from the cache is billed", faults: harmless },
  { name: "unpriced-is-free", bug: "an unknown price is zero", faults: harmless },
  {
    name: "outage-is-401",
    bug: "valid keys are refused while the database is away",
    faults: ["database restarted"],
  },
  { name: "fake-done", bug: "a broken stream ends with [DONE]", faults: harmless },
  {
    name: "expired-lease-is-free",
    bug: "an expired lease counts as free while its holder still spends it",
    // One of them has to come upon a lease that is being spent while its budget is nearly used up.
    faults: Array.from({ length: 10 }, () => "leases expired" as const),
    inDatabase: {
      function: "quota_expire_leases(interval, interval)",
      find: "IF lost.is_free THEN",
      replace: "IF true THEN",
    },
  },
  { name: "spliced-stream", bug: "a piece of a stream is sent twice", faults: harmless },
  { name: "hold-too-small", bug: "a call is held at half of what it may cost", faults: harmless },
  { name: "negative-price", bug: "a price list's -1 for unknown is a price", faults: harmless },
  { name: "fee-per-attempt", bug: "the fee of a request is charged for every attempt", faults: harmless },
  {
    name: "retry-billed-again",
    bug: "a retry under the same idempotency key is a new call",
    faults: harmless,
  },
  {
    name: "whole-row-write",
    bug: "an edit of a budget writes back what was spent when its form was opened",
    faults: harmless,
    inDatabase: {
      add: `CREATE FUNCTION write_whole_row() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN UPDATE quota_window SET settled = 0 WHERE quota_id = NEW.id; RETURN NULL; END; $$;
        CREATE TRIGGER write_whole_row AFTER UPDATE ON quota FOR EACH ROW EXECUTE FUNCTION write_whole_row()`,
      remove: "DROP FUNCTION write_whole_row() CASCADE",
    },
  },
];
