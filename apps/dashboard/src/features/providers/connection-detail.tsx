"use client";
import { Alert, Button, Group, PasswordInput, Stack } from "@mantine/core";
import type { ProviderConnection } from "@switchyard/api-contract/provider-connections";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { Failure } from "../../ui/failure.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { Section } from "../../ui/section.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { bodyOf, ConnectionFields, type ConnectionSettings } from "./connection-settings.tsx";
import { ConnectionTest } from "./connection-test.tsx";
import { Credentials } from "./credentials.tsx";
import { DrainSwitch } from "./drain-switch.tsx";
import { useArchiveConnection, useUpdateConnection } from "./mutations.ts";
import { providerKindsQuery } from "./queries.ts";

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

export function ConnectionDetail({ connection, onClose }: { connection: ProviderConnection; onClose: () => void }) {
  const { name, baseUrl, enabled, region, jurisdiction, zeroRetention, noTraining, abortBilling, quirks, probe } =
    connection;
  const kind = useQuery(providerKindsQuery).data?.find((candidate) => candidate.kind === connection.kind);
  const [settings, setSettings] = useState<ConnectionSettings>({
    name,
    baseUrl,
    enabled,
    region: region ?? "",
    jurisdiction: jurisdiction ?? "",
    zeroRetention,
    noTraining,
    abortBilling,
    quirks,
    probe,
  });
  const [credential, setCredential] = useState("");
  const { refusals } = usePermissions();
  const update = useUpdateConnection();
  const archive = useArchiveConnection();
  const movesAway = originOf(settings.baseUrl) !== originOf(baseUrl);
  const needsCredential = movesAway && connection.credentials.length > 0;
  const save = () =>
    update.mutate(
      { id: connection.id, body: { ...bodyOf(settings), ...(needsCredential ? { credential } : {}) } },
      {
        onSuccess: () => {
          setCredential("");
          notifyDone(`${settings.name} is saved.`);
        },
      },
    );
  const confirmArchive = () =>
    askFirst({
      title: `Archive ${name}?`,
      consequence:
        "Only a connection that no route uses can be archived. Its credentials are destroyed; its history stays.",
      confirm: "Archive connection",
      isDestructive: true,
      onConfirm: () =>
        archive.mutate(connection.id, {
          onSuccess: () => {
            notifyDone(`${name} is archived.`);
            onClose();
          },
          onError: notifyFailure,
        }),
    });
  return (
    <Stack gap="xl">
      {connection.enabled && (
        <Section
          title="Service"
          description="Draining sends new calls elsewhere; calls under way end here, and nothing else changes."
        >
          <Group justify="space-between">
            {connection.drained ? (
              <StateLabel tone="warning">Drained: no new calls</StateLabel>
            ) : (
              <StateLabel tone="good">In service</StateLabel>
            )}
            <DrainSwitch connection={connection} />
          </Group>
        </Section>
      )}
      <ConnectionTest connection={connection} />
      <Credentials connection={connection} />
      <Section title="Settings">
        <ConnectionFields
          settings={settings}
          onChange={(fields) => setSettings({ ...settings, ...fields })}
          defaultBaseUrl={null}
          quirkDefaults={kind?.quirkDefaults ?? null}
          listsModels={kind?.listsModels ?? false}
        />
        {needsCredential && (
          <Alert color="yellow" title="The address changes">
            A credential belongs to one address and is never sent to another. Enter the one for the new address; the
            present ones become void.
            <PasswordInput
              mt="xs"
              aria-label="Credential for the new address"
              autoComplete="off"
              value={credential}
              onChange={(event) => setCredential(event.currentTarget.value)}
            />
          </Alert>
        )}
        {update.error && <Failure error={update.error} />}
        <Group justify="space-between" mt="xs">
          <GuardedButton variant="subtle" color="red" refusal={refusals.policy} onClick={confirmArchive}>
            Archive connection
          </GuardedButton>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <GuardedButton
              refusal={refusals.policy}
              loading={update.isPending}
              disabled={settings.name.trim() === "" || (needsCredential && credential === "")}
              onClick={save}
            >
              Save
            </GuardedButton>
          </Group>
        </Group>
      </Section>
    </Stack>
  );
}
