import { Group, Text } from "@mantine/core";
import type { Receipt } from "@switchyard/api-contract/requests";
import { feeMeter } from "@switchyard/metering/meters";
import { nameOfMeter } from "../../ui/meter-names.ts";
import { showCount, showExactUsd } from "../../ui/quantities.ts";
import { StateLabel } from "../../ui/state-label.tsx";
import { showUnitPrice } from "../../ui/unit-price.ts";
import { CorrectCost } from "./correct-cost.tsx";
import { describeEnding } from "./outcome.ts";
import { sumReceipt } from "./receipt-sums.ts";
import classes from "./requests.module.css";

type Attempt = Receipt["attemptDetails"][number];

/** Attempts × meters × prices, to the last digit, as the ledger has it. */
export function ReceiptTable({ receipt }: { receipt: Receipt }) {
  const sums = sumReceipt(receipt.attemptDetails);
  if (receipt.attemptDetails.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No provider was called, so nothing was charged.
      </Text>
    );
  }
  return (
    <div style={{ overflowX: "auto" }}>
      <table className={classes.receipt}>
        <thead>
          <tr>
            <th scope="col">Meter</th>
            <th scope="col">Quantity</th>
            <th scope="col">Unit price</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        {receipt.attemptDetails.map((attempt) => (
          <AttemptLines key={attempt.attemptId} attempt={attempt} />
        ))}
        <tfoot>
          <tr>
            <td colSpan={3}>Total</td>
            <td>{showExactUsd(sums.totalUsd)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

const roles: Readonly<Record<string, string>> = {
  first: "first try",
  retry: "retry",
  fallback: "fallback",
  hedge: "hedge",
  escalation: "escalation",
  shadow: "shadow, a copy that nobody sees the answer of",
};

const usageNotes: Readonly<Record<string, string>> = {
  estimate: "Counted by the gateway: the provider reported no usage.",
  provider_partial: "The provider reported usage before the answer ended.",
  upper_bound: "Usage is unknown; settled at the hold until it is corrected.",
};

function AttemptLines({ attempt }: { attempt: Attempt }) {
  const ending = describeEnding({
    status: attempt.failureClass === null ? null : attempt.upstreamStatus,
    errorCode: attempt.failureClass,
    verdict: attempt.verdict,
  });
  const note = usageNotes[attempt.usageSource];
  return (
    <tbody>
      <tr className={classes.attempt}>
        <th scope="rowgroup" colSpan={3}>
          {attempt.attemptNumber}. {attempt.connectionName} / {attempt.providerModel}{" "}
          <Text span inherit c="dimmed" fw={400}>
            {roles[attempt.role] ?? attempt.role}
          </Text>
        </th>
        <td>
          <StateLabel tone={ending.tone}>{ending.label}</StateLabel>
        </td>
      </tr>
      {attempt.lines.map((line) => (
        <tr key={line.meter}>
          <td>{nameOfMeter(line.meter)}</td>
          <td>{showCount(line.quantity)}</td>
          <td>{line.meter === feeMeter ? "as agreed" : showUnitPrice(line.unitPriceUsd, 1, line.meter)}</td>
          <td>{showExactUsd(line.amountUsd)}</td>
        </tr>
      ))}
      {attempt.correctedUsd !== "0" && (
        <tr>
          <td colSpan={3}>Correction</td>
          <td>{showExactUsd(attempt.correctedUsd)}</td>
        </tr>
      )}
      <tr className={classes.sum}>
        <td colSpan={3}>
          <Group gap={8}>
            <Text span inherit c="dimmed">
              {showExactUsd(attempt.heldUsd)} held before dispatch
              {attempt.expectedUsd !== null && `, ${showExactUsd(attempt.expectedUsd)} expected`}
            </Text>
            <CorrectCost attempt={attempt} />
          </Group>
          {note !== undefined && (
            <Text size="xs" c="yellow">
              {note}
            </Text>
          )}
        </td>
        <td>{showExactUsd(attempt.costUsd)}</td>
      </tr>
    </tbody>
  );
}
