import { memberScopeTypes } from "@switchyard/metering/quota";
import type { PolicyProblem } from "./policy-problem.ts";
import type { PolicyRevision } from "./policy-revision.ts";

const memberScopes: ReadonlySet<string> = new Set(memberScopeTypes);

/** Quotas whose window or unit cannot be computed. */
export function* findQuotaProblems({ quotas }: PolicyRevision): Generator<PolicyProblem> {
  const judged = new Map<string, boolean>();
  for (const [index, { timeZone, unit, period, mode, scopeType, eachOf }] of quotas.entries()) {
    let isZone = judged.get(timeZone);
    if (isZone === undefined) judged.set(timeZone, (isZone = isTimeZone(timeZone)));
    if (!isZone) {
      const message = `"${timeZone}" is not a time zone of the IANA database, such as Europe/Berlin.`;
      yield { path: `quotas[${index}].timeZone`, code: "invalid_time_zone", message };
    }
    if ((unit === "concurrent_requests") !== (period === "concurrent")) {
      const message = `A quota of ${unit} cannot be counted per ${period}.`;
      yield { path: `quotas[${index}].period`, code: "period_does_not_fit_unit", message };
    }
    if (eachOf !== undefined && (unit !== "pico_usd" || mode !== "hard" || !memberScopes.has(scopeType))) {
      const message = `Only a hard budget can be for each ${eachOf}, of ${[...memberScopes].join(", ")}.`;
      yield { path: `quotas[${index}].eachOf`, code: "contradictory_settings", message };
    }
  }
}

/** Offsets are refused although Intl takes them: PostgreSQL reads the sign of "+02" the other way round. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
