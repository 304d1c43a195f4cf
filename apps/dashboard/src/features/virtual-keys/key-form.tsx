"use client";
import { Button, Group, MultiSelect, Select, Stack, Switch, TextInput } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionsQuery, projectsQuery, routesQuery } from "../../control-plane/lists.ts";
import { Failure } from "../../ui/failure.tsx";
import type { KeySettings } from "./mutations.ts";

interface KeyFormProps {
  readonly initial: KeySettings & { readonly projectId: string | null };
  /** A key stays in its project. */
  readonly isProjectFixed: boolean;
  readonly submitLabel: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onSubmit: (settings: KeySettings & { projectId: string }) => void;
}

/** What an admin decides about a key: whose it is, what it may call, until when. */
export function KeyForm({ initial, isProjectFixed, submitLabel, isPending, error, onSubmit }: KeyFormProps) {
  const [projectId, setProjectId] = useState(initial.projectId);
  const [name, setName] = useState(initial.name);
  const [allowedRouteIds, setAllowedRouteIds] = useState(initial.allowedRouteIds);
  const [passthroughConnectionIds, setPassthroughConnectionIds] = useState(initial.passthroughConnectionIds);
  const [expiresAt, setExpiresAt] = useState(initial.expiresAt);
  const projects = useQuery(projectsQuery);
  const routes = useQuery(routesQuery);
  const connections = useQuery(connectionsQuery);
  const ofProject = projects.data?.find(({ id }) => id === projectId)?.passthroughConnectionIds ?? [];
  const passable = (connections.data ?? []).filter(({ id }) => ofProject.includes(id));
  const passed = passthroughConnectionIds.filter((chosen) => passable.some(({ id }) => id === chosen));
  const isComplete = projectId !== null && name.trim() !== "" && allowedRouteIds?.length !== 0;
  const submit = () => {
    if (projectId === null || !isComplete) return;
    onSubmit({ projectId, name: name.trim(), allowedRouteIds, passthroughConnectionIds: passed, expiresAt });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          description="Who or what calls with it."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        {!isProjectFixed && (
          <Select
            label="Project"
            data={
              projects.data?.map(({ id, name: project, teamName }) => ({
                value: id,
                label: `${teamName} / ${project}`,
              })) ?? []
            }
            value={projectId}
            onChange={setProjectId}
            searchable
            required
          />
        )}
        <Switch
          label="Only some routes"
          checked={allowedRouteIds !== null}
          onChange={(event) => setAllowedRouteIds(event.currentTarget.checked ? [] : null)}
        />
        {allowedRouteIds !== null && (
          <MultiSelect
            label="Routes"
            data={routes.data?.map(({ id, name: route }) => ({ value: id, label: route })) ?? []}
            value={allowedRouteIds}
            onChange={setAllowedRouteIds}
            error={allowedRouteIds.length === 0 ? "Choose at least one" : null}
            searchable
          />
        )}
        <MultiSelect
          label="Passthrough"
          description="Connections that it may call as they are, with any path, past all routes: of those that its project allows. Usage that cannot be read is flagged."
          placeholder={passed.length === 0 ? "None" : ""}
          nothingFoundMessage="The project allows no other: see its menu under Teams and projects"
          data={passable.map(({ id, name: connection }) => ({ value: id, label: connection }))}
          value={passed}
          onChange={setPassthroughConnectionIds}
          searchable
          clearable
        />
        <DateTimePicker
          label="Expires"
          description="Leave empty for a key that does not."
          value={expiresAt === null ? null : new Date(expiresAt)}
          onChange={(value) => setExpiresAt(value === null ? null : new Date(value).toISOString())}
          clearable
        />
        {error && <Failure error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={!isComplete}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
