"use client";
import { ActionIcon, Button, Group, Menu, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { SavedView, ViewedPage } from "@switchyard/api-contract/saved-views";
import { IconDots, IconHome, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { useChangeView, useRemoveView, useRestoreView, useSetDefaultView } from "./queries.ts";

interface ManageViewsProps {
  readonly page: ViewedPage;
  /** What the page shows now. */
  readonly query: string;
  readonly views: readonly SavedView[];
}

export function ManageViews({ page, query, views }: ManageViewsProps) {
  const [renaming, setRenaming] = useState<string | null>(null);
  return (
    <Stack gap={4} component="ul" p={0} m={0}>
      {views.map((view) => (
        <Group
          key={view.id}
          component="li"
          justify="space-between"
          wrap="nowrap"
          mih={36}
          style={{ listStyle: "none" }}
        >
          {renaming === view.id ? (
            <Rename view={view} onDone={() => setRenaming(null)} />
          ) : (
            <>
              <Name view={view} />
              <ViewMenu page={page} query={query} view={view} onRename={() => setRenaming(view.id)} />
            </>
          )}
        </Group>
      ))}
    </Stack>
  );
}

function Name({ view: { name, isShared, isDefault, isYours, ownerName } }: { view: SavedView }) {
  return (
    <Group gap={8} wrap="nowrap" miw={0}>
      <Text size="sm" truncate>
        {name}
      </Text>
      {isDefault && <IconHome size={14} aria-label="Your default" />}
      {isShared && <IconUsers size={14} aria-label="Shared" />}
      {!isYours && (
        <Text size="xs" c="dimmed">
          by {ownerName}
        </Text>
      )}
    </Group>
  );
}

function Rename({ view, onDone }: { view: SavedView; onDone: () => void }) {
  const [name, setName] = useState(view.name);
  const change = useChangeView();
  return (
    <form
      style={{ flex: 1 }}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ id: view.id, body: { name: name.trim() } }, { onSuccess: onDone, onError: notifyFailure });
      }}
    >
      <Group gap="xs" wrap="nowrap">
        <TextInput
          size="xs"
          flex={1}
          aria-label={`New name of ${view.name}`}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Button size="xs" type="submit" loading={change.isPending} disabled={name.trim() === ""}>
          Rename
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}

function ViewMenu({
  page,
  query,
  view,
  onRename,
}: { view: SavedView; onRename: () => void } & Omit<ManageViewsProps, "views">) {
  const change = useChangeView();
  const setDefault = useSetDefaultView();
  const remove = useRemoveView();
  const restore = useRestoreView();
  const { id, name, isDefault, isShared, isYours } = view;
  const undo = () => restore.mutate(id, { onSuccess: () => notifyDone(`${name} is back.`), onError: notifyFailure });
  const onRemoved = () => {
    const notificationId = notifications.show({
      autoClose: 10_000,
      message: (
        <Group justify="space-between" wrap="nowrap">
          {`${name} is removed.`}
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              notifications.hide(notificationId);
              undo();
            }}
          >
            Undo
          </Button>
        </Group>
      ),
    });
  };
  const update = (body: { query?: string; isShared?: boolean }, done: string) =>
    change.mutate({ id, body }, { onSuccess: () => notifyDone(done), onError: notifyFailure });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions of ${name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() => setDefault.mutate({ page, viewId: isDefault ? null : id }, { onError: notifyFailure })}
        >
          {isDefault ? "Do not show it first" : "Show it to me first"}
        </Menu.Item>
        {isYours && (
          <>
            <Menu.Item onClick={onRename}>Rename</Menu.Item>
            <Menu.Item onClick={() => update({ query }, `${name} is what the page shows now.`)}>
              Save what the page shows now
            </Menu.Item>
            <Menu.Item
              onClick={() =>
                update({ isShared: !isShared }, isShared ? `${name} is yours alone.` : `${name} is shared.`)
              }
            >
              {isShared ? "Stop sharing" : "Share in the organisation"}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => remove.mutate(id, { onSuccess: onRemoved, onError: notifyFailure })}>
              Remove
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
