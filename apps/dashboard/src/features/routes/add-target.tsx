"use client";
import { Button, Group, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionsQuery, modelChoicesQuery } from "./queries.ts";
import type { TargetDraft } from "./route-draft.ts";

/** A connection, then one of the models that its kind serves. A pair that the route has already is not offered. */
export function AddTarget({
  targets,
  label = "Add target",
  onAdd,
}: {
  targets: readonly TargetDraft[];
  label?: string;
  onAdd: (target: TargetDraft) => void;
}) {
  const [connectionId, setConnectionId] = useState<string | null>(null);
  const [modelId, setModelId] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const [settledSearch] = useDebouncedValue(search, 200);
  const connections = useQuery(connectionsQuery);
  const connection = connections.data?.find(({ id }) => id === connectionId);
  const models = useQuery(modelChoicesQuery(connection?.kind ?? null, settledSearch));
  const taken = new Set(
    targets.filter((target) => target.connectionId === connectionId).map((target) => target.modelId),
  );
  const choices = models.data?.filter(({ id }) => !taken.has(id)) ?? [];
  const model = choices.find(({ id }) => id === modelId);

  const add = () => {
    if (!connection || !model) return;
    onAdd({
      key: crypto.randomUUID(),
      connectionId: connection.id,
      connectionName: connection.name,
      modelId: model.id,
      providerModel: model.providerModel,
      weight: targets.length === 0 ? 100 : 0,
      enabled: true,
      groupId: null,
    });
    setModelId(null);
    setSearch("");
  };

  return (
    <Group gap="xs" align="flex-end">
      <Select
        size="xs"
        label="Connection"
        placeholder="Choose"
        data={connections.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={connectionId}
        onChange={(id) => {
          setConnectionId(id);
          setModelId(null);
        }}
        flex="1 1 150px"
      />
      <Select
        size="xs"
        label="Model"
        placeholder={connection ? "Search" : "Choose a connection first"}
        data={choices.map(({ id, providerModel }) => ({ value: id, label: providerModel }))}
        value={modelId}
        onChange={setModelId}
        searchable
        searchValue={search}
        onSearchChange={setSearch}
        // The server searches; filtering its answer again would hide matches in the display name.
        filter={({ options }) => options}
        nothingFoundMessage={models.isFetching ? "Searching…" : "No such model; add it under Models"}
        disabled={!connection}
        flex="2 1 200px"
      />
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={!model}
        onClick={add}
      >
        {label}
      </Button>
    </Group>
  );
}
