"use client";
import { Button, Group, PasswordInput, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "../../ui/failure.tsx";
import { bodyOf, ConnectionFields, type ConnectionSettings } from "./connection-settings.tsx";
import { useConnect } from "./mutations.ts";
import { providerKindsQuery } from "./queries.ts";

const fresh: ConnectionSettings = {
  name: "",
  baseUrl: "",
  enabled: true,
  region: "",
  jurisdiction: "",
  zeroRetention: false,
  noTraining: false,
  abortBilling: "runs_on",
  quirks: null,
  probe: null,
};

/** Connects an account: its kind first, because that says what else is needed. */
export function ConnectForm({ onConnected }: { onConnected: (id: string) => void }) {
  const kinds = useQuery(providerKindsQuery);
  const [kindName, setKindName] = useState<string | null>(null);
  const [settings, setSettings] = useState(fresh);
  const [credential, setCredential] = useState("");
  const connect = useConnect();
  const kind = kinds.data?.find((candidate) => candidate.kind === kindName);
  const hasAddress = settings.baseUrl.trim() !== "" || (kind?.defaultBaseUrl ?? null) !== null;
  const isComplete =
    kind !== undefined && settings.name.trim() !== "" && hasAddress && (!kind.needsCredential || credential !== "");
  const submit = () => {
    if (!kind) return;
    const { baseUrl, ...body } = bodyOf(settings);
    connect.mutate(
      {
        ...body,
        kind: kind.kind,
        ...(baseUrl.trim() === "" ? {} : { baseUrl: baseUrl.trim() }),
        ...(credential === "" ? {} : { credential }),
      },
      { onSuccess: ({ id }) => onConnected(id) },
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) submit();
      }}
    >
      <Stack>
        <Select
          label="Provider"
          data={kinds.data?.map((candidate) => ({ value: candidate.kind, label: candidate.displayName })) ?? []}
          value={kindName}
          onChange={(chosen) => {
            setKindName(chosen);
            const name = settings.name === "" && chosen !== null ? chosen : settings.name;
            // Quirks are differences from one kind; they say nothing of another.
            setSettings({ ...settings, name, quirks: null, probe: null });
          }}
          searchable
          required
          data-autofocus
        />
        {kind && (
          <>
            <ConnectionFields
              settings={settings}
              onChange={(fields) => setSettings({ ...settings, ...fields })}
              defaultBaseUrl={kind.defaultBaseUrl}
              baseUrlHint={kind.baseUrlHint}
              quirkDefaults={kind.quirkDefaults}
              listsModels={kind.listsModels}
            />
            <PasswordInput
              label="Credential"
              description={`${kind.credentialHint} Sealed at once; it cannot be read back.`}
              autoComplete="off"
              value={credential}
              onChange={(event) => setCredential(event.currentTarget.value)}
              required={kind.needsCredential}
            />
          </>
        )}
        {connect.error && <Failure error={connect.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={connect.isPending} disabled={!isComplete}>
            Connect
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
