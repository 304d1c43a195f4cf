"use client";
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Route } from "@switchyard/api-contract/routes";
import { usePublishRoute } from "./mutations.ts";
import { bodyOf, draftOf } from "./route-draft.ts";

const offerMs = 15_000;

interface Publication {
  readonly before: Route;
  readonly after: Route;
  readonly policyRevision: number;
}

/**
 * Tells that a change is live and offers the way back for a while: this route as it was, published again. Not a roll-back,
 * which would take along whatever somebody else published since.
 */
export function offerUndo(publication: Publication): void {
  const id = `published-${publication.policyRevision}`;
  notifications.show({ id, autoClose: offerMs, message: <Published id={id} {...publication} /> });
}

function Published({ id, before, after, policyRevision }: Publication & { id: string }) {
  const publish = usePublishRoute();
  const undo = () =>
    publish.mutate(
      { published: after, body: bodyOf(draftOf(before)) },
      {
        onSuccess: ({ route }) =>
          notifications.update({ id, message: `Undone: route ${route.name} is as it was.`, autoClose: 5_000 }),
        onError: (error) => notifications.update({ id, color: "red", message: error.message, autoClose: 10_000 }),
      },
    );
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">
        Route {after.name} is published as revision {policyRevision}.
      </Text>
      <Button size="compact-xs" variant="light" loading={publish.isPending} onClick={undo}>
        Undo
      </Button>
    </Group>
  );
}
