"use client";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import type { Role } from "@switchyard/api-contract/operation";
import { useState } from "react";
import { Failure } from "../../ui/failure.tsx";
import { useAddMember } from "./mutations.ts";
import { RoleSelect } from "./role-select.tsx";

/** Adds a member; their first password is shown once to whoever adds them. */
export function MemberForm({ onAdded }: { onAdded: (password: string) => void }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const add = useAddMember();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(
          { name: name.trim(), email: email.trim(), role },
          { onSuccess: ({ password }) => onAdded(password) },
        );
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
        <TextInput
          label="E-mail address"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
        />
        <RoleSelect label="Role" value={role} onChange={setRole} />
        {add.error && <Failure error={add.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            Add member
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
