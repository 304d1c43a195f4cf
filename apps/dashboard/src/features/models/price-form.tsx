"use client";
import { Button, Group, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import type { ModelDetail } from "@switchyard/api-contract/models";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionsQuery } from "../../control-plane/lists.ts";
import { Failure } from "../../ui/failure.tsx";
import { shownPer } from "../../ui/unit-price.ts";
import { useAddPrice } from "./mutations.ts";
import { linesOf, problemOf, type PriceRow } from "./price-draft.ts";
import { PriceRows } from "./price-rows.tsx";

/** Starts from the unconditional lines in force, where they are shown in the form's own unit. */
function rowsOf(model: ModelDetail): PriceRow[] {
  const lines = model.currentPrice?.lines.filter(
    ({ aboveInputTokens, timeWindow, serviceTier, per, meter }) =>
      aboveInputTokens === undefined &&
      timeWindow === undefined &&
      serviceTier === undefined &&
      per === shownPer(meter),
  );
  const rows = lines?.map(({ meter, usd }) => ({ key: meter, meter, usd })) ?? [];
  return rows.length > 0
    ? rows
    : [
        { key: "input", meter: "input", usd: "" },
        { key: "output", meter: "output", usd: "" },
      ];
}

/** Adds a version; what was billed before stays billed at the version of its time. */
export function PriceForm({ model, onDone }: { model: ModelDetail; onDone: () => void }) {
  const [rows, setRows] = useState<readonly PriceRow[]>(() => rowsOf(model));
  const [isFree, setIsFree] = useState(false);
  const [connectionId, setConnectionId] = useState<string | null>(null);
  const [effectiveFrom, setEffectiveFrom] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const connections = useQuery(connectionsQuery);
  const add = useAddPrice();
  const hasConditions = model.currentPrice?.lines.some(
    ({ aboveInputTokens, timeWindow, serviceTier }) =>
      aboveInputTokens !== undefined || timeWindow !== undefined || serviceTier !== undefined,
  );
  const isComplete = isFree || (rows.length > 0 && rows.every((row) => problemOf(row) === null));
  const submit = () =>
    add.mutate(
      {
        id: model.id,
        body: {
          connectionId,
          free: isFree,
          lines: isFree ? [] : linesOf(rows),
          note: note.trim() === "" ? null : note.trim(),
          ...(effectiveFrom === null ? {} : { effectiveFrom }),
        },
      },
      { onSuccess: onDone },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) submit();
      }}
    >
      <Stack>
        <Switch label="Free of charge" checked={isFree} onChange={(event) => setIsFree(event.currentTarget.checked)} />
        {!isFree && <PriceRows rows={rows} onChange={setRows} />}
        {hasConditions && (
          <Text size="xs" c="dimmed">
            The version in force has tiers or hours. A version made here has none; use the API to keep them.
          </Text>
        )}
        <Select
          label="For"
          description="A negotiated price applies to one connection only."
          data={connections.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={connectionId}
          onChange={setConnectionId}
          placeholder="Every connection"
          clearable
        />
        <DateTimePicker
          label="In force from"
          placeholder="Now"
          value={effectiveFrom === null ? null : new Date(effectiveFrom)}
          onChange={(value) => setEffectiveFrom(value === null ? null : new Date(value).toISOString())}
          clearable
        />
        <TextInput label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={500} />
        {add.error && <Failure error={add.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending} disabled={!isComplete}>
            Add price version
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
