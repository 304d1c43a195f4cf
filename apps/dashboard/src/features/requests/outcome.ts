/** How a call or an attempt ended, as one short label. */
import type { Tone } from "../../ui/state-label.tsx";

interface Ending {
  readonly status: number | null;
  readonly errorCode: string | null;
  readonly verdict: string | null;
}

const verdicts: Readonly<Record<string, { readonly tone: Tone; readonly label: string }>> = {
  complete: { tone: "good", label: "Complete" },
  truncated: { tone: "warning", label: "Truncated" },
  errored: { tone: "bad", label: "Broke off" },
  filtered: { tone: "warning", label: "Filtered" },
  refused: { tone: "warning", label: "Model declined" },
  invalid: { tone: "warning", label: "Invalid answer" },
  cancelled: { tone: "idle", label: "Cancelled by client" },
};

export function describeEnding({ status, errorCode, verdict }: Ending): { tone: Tone; label: string } {
  if (status !== null && status >= 400) {
    return {
      tone: status >= 500 ? "bad" : "warning",
      label: errorCode === null ? `${status}` : `${status} ${errorCode}`,
    };
  }
  if (verdict === null) return { tone: "good", label: "Complete" };
  return verdicts[verdict] ?? { tone: "idle", label: verdict };
}
