"use client";
import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import type { ViewedPage } from "@switchyard/api-contract/saved-views";
import { useState } from "react";
import { Failure } from "../../ui/failure.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { useSaveView, useSetDefaultView } from "./queries.ts";

interface SaveViewFormProps {
  readonly page: ViewedPage;
  readonly query: string;
  readonly onDone: () => void;
}

export function SaveViewForm({ page, query, onDone }: SaveViewFormProps) {
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const [isDefault, setDefault] = useState(false);
  const save = useSaveView();
  const setDefaultView = useSetDefaultView();
  const submit = async () => {
    const view = await save.mutateAsync({ page, name: name.trim(), query, isShared });
    if (isDefault) await setDefaultView.mutateAsync({ page, viewId: view.id });
    notifyDone(`The view ${view.name} is saved.`);
    onDone();
  };
  const error = save.error ?? setDefaultView.error;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // What goes wrong is shown by the mutation.
        if (name.trim() !== "") void submit().catch(() => undefined);
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          placeholder="Models of last month"
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox
          label="Share it with everybody in the organisation"
          checked={isShared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <Checkbox
          label="Show it to me first"
          checked={isDefault}
          onChange={(event) => setDefault(event.currentTarget.checked)}
        />
        {error && <Failure error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending || setDefaultView.isPending} disabled={name.trim() === ""}>
            Save view
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
