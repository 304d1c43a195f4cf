"use client";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { Failure } from "../../ui/failure.tsx";
import { useSaveName, type Named } from "./mutations.ts";

export function NameForm({ subject, initial, onDone }: { subject: Named; initial: string; onDone: () => void }) {
  const [name, setName] = useState(initial);
  const save = useSaveName();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ subject, name: name.trim() }, { onSuccess: onDone });
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        {save.error && <Failure error={save.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={name.trim() === "" || name.trim() === initial}>
            {subject.id === null ? "Create" : "Rename"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
