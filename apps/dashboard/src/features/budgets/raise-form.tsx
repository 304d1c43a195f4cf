"use client";
import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { nonNegativeUsdSchema } from "@switchyard/api-contract/primitives";
import type { Budget } from "@switchyard/api-contract/quotas";
import { Failure } from "../../ui/failure.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { showUsd } from "../../ui/quantities.ts";
import { useRaiseBudget } from "./mutations.ts";

const hourMs = 3_600_000;
const lengths = [
  { value: String(hourMs), label: "An hour" },
  { value: String(24 * hourMs), label: "A day" },
  { value: String(7 * 24 * hourMs), label: "A week" },
  { value: String(30 * 24 * hourMs), label: "30 days" },
];

/** Gives a budget more room for a while. Nobody has to take it back. */
export function RaiseForm({ budget, onDone }: { budget: Budget; onDone: () => void }) {
  const raise = useRaiseBudget();
  const form = useForm({
    initialValues: { amountUsd: "", lengthMs: String(24 * hourMs), note: "" },
    validate: {
      amountUsd: (text) =>
        nonNegativeUsdSchema.safeParse(text).success && Number(text) > 0 ? null : "Dollars, more than nothing",
      note: isNotEmpty("Say why, for the audit"),
    },
  });
  const submit = form.onSubmit(({ amountUsd, lengthMs, note }) =>
    raise.mutate(
      { id: budget.id, amountUsd, lengthMs: Number(lengthMs), note },
      {
        onSuccess: () => {
          notifyDone(`${budget.name} has ${showUsd(amountUsd)} more for a while.`);
          onDone();
        },
      },
    ),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" c="dimmed">
          Added to the limit of {showUsd(budget.limitUsd)} at once. It ends by itself, and takes the place of any raise
          before.
        </Text>
        <TextInput
          label="More"
          leftSection="$"
          inputMode="decimal"
          data-autofocus
          {...form.getInputProps("amountUsd")}
        />
        <Select label="For" data={lengths} allowDeselect={false} {...form.getInputProps("lengthMs")} />
        <TextInput label="Why" placeholder="Launch day" {...form.getInputProps("note")} />
        {raise.error && <Failure error={raise.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={raise.isPending}>
            Raise budget
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
