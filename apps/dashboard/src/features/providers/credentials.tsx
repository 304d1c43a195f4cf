"use client";
import { Button, Code, Group, PasswordInput, Stack, Switch, Text } from "@mantine/core";
import type { ProviderConnection } from "@switchyard/api-contract/provider-connections";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { Failure } from "../../ui/failure.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { Section } from "../../ui/section.tsx";
import { StateLabel, type Tone } from "../../ui/state-label.tsx";
import { useAddCredential, useRemoveCredential } from "./mutations.ts";

type Credential = ProviderConnection["credentials"][number];

const states: { readonly [state in Credential["state"]]: { readonly label: string; readonly tone: Tone } } = {
  active: { label: "Active", tone: "good" },
  retiring: { label: "Retiring", tone: "warning" },
  void: { label: "Void: the address changed", tone: "bad" },
};

/** The secrets of a connection: several may be active, so that one can be replaced without a gap. */
export function Credentials({ connection }: { connection: ProviderConnection }) {
  const [credential, setCredential] = useState("");
  const [retiresOthers, setRetiresOthers] = useState(true);
  const { canEditPolicy } = usePermissions();
  const add = useAddCredential();
  return (
    <Section title="Credentials" description="Sealed at rest and bound to this address. They are never shown again.">
      {connection.credentials.length === 0 && (
        <Text size="sm" c="dimmed">
          None. Calls are sent without one.
        </Text>
      )}
      {connection.credentials.map((item) => (
        <Group key={item.id} justify="space-between" gap="xs">
          <Group gap="sm">
            <Code>{item.hint || "••••"}</Code>
            <StateLabel tone={states[item.state].tone}>{states[item.state].label}</StateLabel>
            <Text size="xs" c="dimmed">
              {item.createdBy}, <Moment iso={item.createdAt} />
            </Text>
          </Group>
          <RemoveCredential connection={connection} credential={item} />
        </Group>
      ))}
      {canEditPolicy && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(
              { id: connection.id, credential, retireOthers: retiresOthers },
              {
                onSuccess: () => {
                  setCredential("");
                  notifyDone("The credential is sealed and in use.");
                },
              },
            );
          }}
        >
          <Stack gap="xs" mt="xs">
            <PasswordInput
              label="New credential"
              autoComplete="off"
              value={credential}
              onChange={(event) => setCredential(event.currentTarget.value)}
            />
            <Group justify="space-between">
              <Switch
                size="sm"
                label="Retire the others"
                checked={retiresOthers}
                onChange={(event) => setRetiresOthers(event.currentTarget.checked)}
              />
              <Button type="submit" size="xs" variant="default" loading={add.isPending} disabled={credential === ""}>
                Add credential
              </Button>
            </Group>
            {add.error && <Failure error={add.error} />}
          </Stack>
        </form>
      )}
    </Section>
  );
}

function RemoveCredential({ connection, credential }: { connection: ProviderConnection; credential: Credential }) {
  const remove = useRemoveCredential();
  const { refusals } = usePermissions();
  const confirm = () =>
    askFirst({
      title: `Destroy the credential ${credential.hint}?`,
      consequence: "Gateways stop using it within seconds. It cannot be brought back.",
      confirm: "Destroy credential",
      isDestructive: true,
      onConfirm: () =>
        remove.mutate(
          { id: connection.id, credentialId: credential.id },
          { onSuccess: () => notifyDone("The credential is destroyed."), onError: notifyFailure },
        ),
    });
  return (
    <GuardedButton size="compact-xs" variant="subtle" color="red" refusal={refusals.policy} onClick={confirm}>
      Destroy
    </GuardedButton>
  );
}
