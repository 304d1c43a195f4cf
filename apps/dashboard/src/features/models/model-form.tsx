"use client";
import { Button, Group, MultiSelect, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import type { Operation } from "@switchyard/metering/usage-event";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "../../ui/failure.tsx";
import { useCreateModel } from "./mutations.ts";
import { linesOf, problemOf, type PriceRow } from "./price-draft.ts";
import { PriceRows } from "./price-rows.tsx";
import { providerKindsQuery } from "./queries.ts";

const count = (value: string | number): number | null => (typeof value === "number" ? value : null);

/** Adds a model that the catalogue does not have. */
export function ModelForm({ onCreated }: { onCreated: (id: string) => void }) {
  const [providerKind, setProviderKind] = useState<string | null>(null);
  const [providerModel, setProviderModel] = useState("");
  const [operations, setOperations] = useState<readonly Operation[]>(["chat"]);
  const [contextWindow, setContextWindow] = useState<number | null>(null);
  const [maxOutputTokens, setMaxOutputTokens] = useState<number | null>(null);
  const [rows, setRows] = useState<readonly PriceRow[]>([]);
  const kinds = useQuery(providerKindsQuery);
  const create = useCreateModel();
  const offered = kinds.data?.find(({ kind }) => kind === providerKind)?.operations ?? [];
  const chosen = operations.filter((operation) => offered.includes(operation));
  const isComplete =
    chosen.length > 0 &&
    providerKind !== null &&
    providerModel.trim() !== "" &&
    rows.every((row) => problemOf(row) === null);
  const submit = () => {
    if (providerKind === null) return;
    create.mutate(
      {
        providerKind,
        providerModel: providerModel.trim(),
        contextWindow,
        maxOutputTokens,
        capabilities: {
          operations: chosen,
          tools: false,
          vision: false,
          jsonSchema: false,
          streaming: chosen.includes("chat"),
        },
        ...(rows.length === 0 ? {} : { price: { lines: linesOf(rows) } }),
      },
      { onSuccess: ({ id }) => onCreated(id) },
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) submit();
      }}
    >
      <Stack>
        <Select
          label="Provider kind"
          data={kinds.data?.map(({ kind, displayName }) => ({ value: kind, label: displayName })) ?? []}
          value={providerKind}
          onChange={setProviderKind}
          searchable
          required
          data-autofocus
        />
        <TextInput
          label="Model id"
          description="As the provider knows it."
          value={providerModel}
          onChange={(event) => setProviderModel(event.currentTarget.value)}
          required
        />
        <MultiSelect
          label="Does"
          description="Calls of any other kind pass it over."
          data={[...offered]}
          value={chosen}
          onChange={(values) => setOperations(offered.filter((operation) => values.includes(operation)))}
          disabled={providerKind === null}
          required
        />
        <Group grow>
          <NumberInput
            label="Context window"
            suffix=" tokens"
            min={1}
            allowDecimal={false}
            thousandSeparator=","
            value={contextWindow ?? ""}
            onChange={(value) => setContextWindow(count(value))}
          />
          <NumberInput
            label="Longest output"
            suffix=" tokens"
            min={1}
            allowDecimal={false}
            thousandSeparator=","
            value={maxOutputTokens ?? ""}
            onChange={(value) => setMaxOutputTokens(count(value))}
          />
        </Group>
        <div>
          <Text size="sm" fw={500} mb={4}>
            Price
          </Text>
          <PriceRows rows={rows} onChange={setRows} />
          {rows.length === 0 && (
            <Text size="xs" c="dimmed" mt={6}>
              Without a price it is refused wherever a hard budget applies.
            </Text>
          )}
        </div>
        {create.error && <Failure error={create.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={!isComplete}>
            Add model
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
