"use client";
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { nonNegativeUsdSchema } from "@switchyard/api-contract/primitives";
import type { Receipt } from "@switchyard/api-contract/requests";
import { usePermissions } from "../../session/session-gate.tsx";
import { Failure } from "../../ui/failure.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { showExactUsd } from "../../ui/quantities.ts";
import { useCorrectCost } from "./mutations.ts";
import { sumReceipt } from "./receipt-sums.ts";

type Attempt = Receipt["attemptDetails"][number];

/** Sets an attempt to what the provider billed. The ledger gets one more entry; none is edited. */
export function CorrectCost({ attempt }: { attempt: Attempt }) {
  const { canEditMoney } = usePermissions();
  const [isOpen, { open, close }] = useDisclosure();
  // Most viewers never correct anything: to them the button would be noise, so it is left out, not greyed out.
  if (!canEditMoney) return null;
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={open}
        aria-label={`Correct the cost of attempt ${attempt.attemptNumber}`}
      >
        Correct
      </Button>
      <Modal opened={isOpen} onClose={close} title={`Correct attempt ${attempt.attemptNumber}`}>
        {isOpen && <CorrectionForm attempt={attempt} onDone={close} />}
      </Modal>
    </>
  );
}

function CorrectionForm({ attempt, onDone }: { attempt: Attempt; onDone: () => void }) {
  const correct = useCorrectCost();
  const now = sumReceipt([attempt]).totalUsd;
  const form = useForm({
    initialValues: { costUsd: now, note: "" },
    validate: {
      costUsd: (text) =>
        nonNegativeUsdSchema.safeParse(text).success ? null : "Dollars with at most 12 decimals, as 0.0125",
      note: isNotEmpty("Say why, for the audit"),
    },
  });
  const submit = form.onSubmit((values) =>
    correct.mutate(
      { attemptId: attempt.attemptId, ...values },
      {
        onSuccess: ({ recorded }) => {
          notifyDone(
            recorded === 1 ? "The correction is in the ledger." : "Nothing to correct: it costs that already.",
          );
          onDone();
        },
      },
    ),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" c="dimmed">
          The ledger has {showExactUsd(now)} for this attempt. The difference becomes an entry of its own.
        </Text>
        <TextInput
          label="What it truly cost"
          leftSection="$"
          inputMode="decimal"
          data-autofocus
          {...form.getInputProps("costUsd")}
        />
        <TextInput label="Why" placeholder="Invoice 2026-10, line 114" {...form.getInputProps("note")} />
        {correct.error && <Failure error={correct.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={correct.isPending}>
            Record correction
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
