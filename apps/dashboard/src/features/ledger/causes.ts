import type { ReconciliationRow } from "@switchyard/api-contract/reconciliation";
import type { Tone } from "../../ui/state-label.tsx";

/** What a cause of a difference is called, and how much it asks for attention. */
export const causes: Readonly<Record<ReconciliationRow["cause"], { readonly label: string; readonly tone: Tone }>> = {
  none: { label: "Matches", tone: "good" },
  rounding: { label: "Rounding", tone: "good" },
  no_statement: { label: "No statement", tone: "idle" },
  not_through_gateway: { label: "Not through the gateway", tone: "bad" },
  not_on_statement: { label: "Not on the statement", tone: "bad" },
  unpriced: { label: "Had no price here", tone: "bad" },
  uncertain: { label: "Settled at an estimate", tone: "warning" },
  day_boundary: { label: "Booked a day apart", tone: "good" },
  price_differs: { label: "Prices differ", tone: "bad" },
  usage_differs: { label: "Usage differs", tone: "bad" },
  unexplained: { label: "Unexplained", tone: "bad" },
};
