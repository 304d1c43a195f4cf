"use client";
import { Accordion, Alert, Button, Divider, Group, List, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import type { Route } from "@switchyard/api-contract/routes";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ControlPlaneError } from "../../control-plane/call-operation.ts";
import { usePermissions } from "../../session/session-gate.tsx";
import { Failure } from "../../ui/failure.tsx";
import { AddTarget } from "./add-target.tsx";
import { DraftChanges } from "./draft-changes.tsx";
import { groupProblemsOf } from "./group-problems.ts";
import { MemberEditor } from "./member-editor.tsx";
import { usePublishRoute, useRemoveRoute } from "./mutations.ts";
import { connectionsQuery } from "./queries.ts";
import { bodyOf, changesOf, draftOf, emptyDraft, problemsOf, type RouteDraft } from "./route-draft.ts";
import { RouteOutcomes } from "./route-outcomes.tsx";
import { RouteSettings } from "./route-settings.tsx";
import { offerUndo } from "./undo-publication.tsx";
import { WhatIf } from "./what-if.tsx";

interface RouteEditorProps {
  /** Null for a route that is being made. */
  readonly published: Route | null;
  readonly routes: readonly Route[];
  readonly onClose: () => void;
}

/** Edits a draft and shows what it changes; nothing reaches a gateway before Publish. */
export function RouteEditor({ published, routes, onClose }: RouteEditorProps) {
  const { canEditPolicy } = usePermissions();
  const [draft, setDraft] = useState<RouteDraft>(() => (published ? draftOf(published) : emptyDraft));
  const publish = usePublishRoute();
  const remove = useRemoveRoute();
  const change = (fields: Partial<RouteDraft>) => setDraft((current) => ({ ...current, ...fields }));
  const otherRoutes = routes.filter((route) => route.id !== published?.id);
  const before = published ? draftOf(published) : emptyDraft;
  const connections = useQuery(connectionsQuery);
  const nameOf = (id: string) =>
    [...otherRoutes, ...(connections.data ?? [])].find((each) => each.id === id)?.name ?? id;
  const changes = changesOf(before, draft, nameOf);
  const groupProblems = groupProblemsOf(draft);
  const problems = [
    ...problemsOf(draft),
    ...(groupProblems.length === 0 ? [] : ["Mend what is marked in the groups."]),
  ];
  const refused = publish.error instanceof ControlPlaneError ? publish.error.problems : [];
  const problemsByPath = new Map([...refused, ...groupProblems].map(({ path, message }) => [path, message]));
  const isReadOnly = !canEditPolicy;
  const isStale = publish.error instanceof ControlPlaneError && publish.error.code === "stale_edit";

  const submit = () =>
    publish.mutate(
      { published, body: bodyOf(draft) },
      {
        onSuccess: ({ route, policyRevision }) => {
          if (policyRevision !== null && published) offerUndo({ before: published, after: route, policyRevision });
          else notifications.show({ message: `Route ${route.name} is published.` });
          onClose();
        },
      },
    );

  const confirmRemoval = (route: Route) =>
    modals.openConfirmModal({
      title: `Remove route ${route.name}?`,
      children: (
        <Text size="sm">
          Calls to “{route.name}” will be answered with model_not_found. A roll-back brings it back.
        </Text>
      ),
      labels: { confirm: "Remove route", cancel: "Keep it" },
      confirmProps: { color: "red" },
      onConfirm: () =>
        remove.mutate(route.id, {
          onSuccess: () => {
            notifications.show({ message: `Route ${route.name} is removed.` });
            onClose();
          },
        }),
    });

  return (
    <Stack gap="lg">
      {published && <RouteOutcomes routeId={published.id} />}
      {published && <Divider />}
      {isReadOnly && <Alert color="gray">Your role may look at routes, not change them.</Alert>}
      <Group align="flex-end" gap="md">
        <TextInput
          label="Name"
          description="What clients send as model."
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          disabled={isReadOnly}
          required
          flex="1 1 220px"
          data-autofocus={published ? undefined : true}
        />
        <Switch
          label="Takes calls"
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
          disabled={isReadOnly}
          pb={8}
        />
      </Group>
      <Stack gap="xs" component="section" aria-label="Targets">
        <Title order={3} size="h5">
          Targets
        </Title>
        <MemberEditor
          editing={{ draft, isReadOnly, change, problemAt: (path) => problemsByPath.get(path) }}
          parentId={null}
          strategy={draft.strategy}
          onStrategyChange={(strategy) => change({ strategy })}
        />
        {!isReadOnly && (
          <AddTarget targets={draft.targets} onAdd={(target) => change({ targets: [...draft.targets, target] })} />
        )}
      </Stack>
      <RouteSettings draft={draft} otherRoutes={otherRoutes} isReadOnly={isReadOnly} onChange={change} />
      <Divider />
      <Stack gap="xs" component="section" aria-label="Review">
        <Title order={3} size="h5">
          What publishing changes
        </Title>
        <DraftChanges changes={changes} />
        {changes.length > 0 && problems.length > 0 && (
          <List size="sm" c="red" aria-live="polite">
            {problems.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        )}
      </Stack>
      <Accordion variant="separated" chevronPosition="left">
        <Accordion.Item value="what-if">
          <Accordion.Control>What would a call do?</Accordion.Control>
          <Accordion.Panel>
            <WhatIf draft={draft} routeId={published?.id ?? null} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      {isStale ? (
        <Alert color="yellow" title="Somebody published this route meanwhile" role="alert">
          Close it and open it again to see their version; your draft is lost then.
        </Alert>
      ) : (
        publish.error && <Failure error={publish.error} />
      )}
      {remove.error && <Failure error={remove.error} />}
      <Group justify="space-between">
        {published ? (
          <Button
            variant="subtle"
            color="red"
            disabled={isReadOnly}
            loading={remove.isPending}
            onClick={() => confirmRemoval(published)}
          >
            Remove route
          </Button>
        ) : (
          <span />
        )}
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            onClick={submit}
            loading={publish.isPending}
            disabled={isReadOnly || changes.length === 0 || problems.length > 0}
          >
            Publish
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
