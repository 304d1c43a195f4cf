"use client";
import { Button, Group, MultiSelect, Stack, Text } from "@mantine/core";
import type { Project } from "@switchyard/api-contract/projects";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionsQuery } from "../../control-plane/lists.ts";
import { Failure } from "../../ui/failure.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { useSetPassthrough } from "./mutations.ts";

/** Which connections keys of a project may be allowed to call as they are. */
export function PassthroughForm({ project, onDone }: { project: Project; onDone: () => void }) {
  const connections = useQuery(connectionsQuery);
  const [chosen, setChosen] = useState(project.passthroughConnectionIds);
  const save = useSetPassthrough();
  const known = connections.data ?? [];
  // Connections that were archived meanwhile cannot be chosen again.
  const connectionIds = chosen.filter((id) => known.some((connection) => connection.id === id));
  const submit = () =>
    save.mutate(
      { id: project.id, passthroughConnectionIds: connectionIds },
      {
        onSuccess: () => {
          notifyDone(`Passthrough of ${project.name} is changed.`);
          onDone();
        },
      },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          Raw calls below /passthrough go past all routes and guardrails. A key may make them to the connections chosen
          here that are also chosen on the key; taking one away here stops every key of the project at once.
        </Text>
        <MultiSelect
          label="Connections"
          placeholder={connectionIds.length === 0 ? "None: no key may pass calls through" : ""}
          data={known.map(({ id, name }) => ({ value: id, label: name }))}
          value={connectionIds}
          onChange={setChosen}
          disabled={connections.data === undefined}
          searchable
          clearable
          data-autofocus
        />
        {connections.error && <Failure error={connections.error} />}
        {save.error && <Failure error={save.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={connections.data === undefined}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
