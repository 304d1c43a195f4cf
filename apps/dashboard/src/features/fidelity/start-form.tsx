"use client";
import { Alert, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { projectsQuery, routesQuery } from "../../control-plane/lists.ts";
import { Failure } from "../../ui/failure.tsx";
import { useStartFidelityRun } from "./queries.ts";

/** Chooses the route that is checked and the project that pays, and starts a run. */
export function StartForm({
  opened,
  onClose,
  onStarted,
}: {
  opened: boolean;
  onClose: () => void;
  onStarted: (id: string) => void;
}) {
  const routes = useQuery(routesQuery);
  const projects = useQuery(projectsQuery);
  const [routeId, setRouteId] = useState<string | null>(null);
  const [projectId, setProjectId] = useState<string | null>(null);
  const start = useStartFidelityRun();
  const checkable = (routes.data ?? []).filter(({ targets }) => targets.filter(({ enabled }) => enabled).length === 1);
  const submit = () => {
    if (routeId !== null && projectId !== null) {
      start.mutate({ routeId, projectId }, { onSuccess: ({ id }) => onStarted(id) });
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Check fidelity">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Sends one or two dozen small calls to the provider directly and again through the gateway, and compares. The
          account pays for both. A virtual key is issued for the run and revoked after it.
        </Text>
        <Select
          label="Route"
          description="Only routes with one target, so that both ways lead to the same model"
          placeholder="Choose a route"
          nothingFoundMessage="No route has exactly one target"
          searchable
          data={checkable.map(({ id, name }) => ({ value: id, label: name }))}
          value={routeId}
          onChange={setRouteId}
        />
        <Select
          label="Project"
          description="Pays for the calls through the gateway"
          placeholder="Choose a project"
          searchable
          data={(projects.data ?? []).map(({ id, name, teamName }) => ({ value: id, label: `${name} (${teamName})` }))}
          value={projectId}
          onChange={setProjectId}
        />
        {routes.data !== undefined && checkable.length === 0 && (
          <Alert color="yellow">No route has exactly one target. Make one that leads to the model to check.</Alert>
        )}
        {start.error && <Failure error={start.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={start.isPending} disabled={routeId === null || projectId === null} onClick={submit}>
            Start
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
