"use client";
import { Alert, Badge, Group, Modal, Paper, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ModelDetail as Detail, PriceVersion } from "@switchyard/api-contract/models";
import { useQuery } from "@tanstack/react-query";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { Facts } from "../../ui/facts.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { showCount, showInstant } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { Section } from "../../ui/section.tsx";
import { useArchiveModel } from "./mutations.ts";
import { PriceForm } from "./price-form.tsx";
import { PriceLines, Pricing } from "./price-lines.tsx";
import { modelQuery } from "./queries.ts";

export function ModelDetail({ id, onClose }: { id: string; onClose: () => void }) {
  const model = useQuery(modelQuery(id));
  return <QueryStates query={model}>{(data) => <ModelFacts model={data} onClose={onClose} />}</QueryStates>;
}

const tokens = (value: number | null): string => (value === null ? "unknown" : `${showCount(value)} tokens`);

function ModelFacts({ model, onClose }: { model: Detail; onClose: () => void }) {
  const [isPricing, { open, close }] = useDisclosure();
  const { refusals } = usePermissions();
  const archive = useArchiveModel();
  const { capabilities } = model;
  const abilities = [
    capabilities.tools && "tools",
    capabilities.vision && "images",
    capabilities.jsonSchema && "JSON schema",
    capabilities.streaming && "streaming",
  ].filter((ability) => ability !== false);
  const confirmArchive = () =>
    askFirst({
      title: `Archive ${model.providerModel}?`,
      consequence: "Only a model that no route uses can be archived. Its history and prices stay.",
      confirm: "Archive",
      isDestructive: true,
      onConfirm: () =>
        archive.mutate(model.id, {
          onSuccess: () => {
            notifyDone(`${model.providerModel} is archived.`);
            onClose();
          },
          onError: notifyFailure,
        }),
    });
  return (
    <Stack gap="lg">
      {model.pricing === "unpriced" && (
        <Alert color="yellow" title="No price">
          Calls to it are refused wherever a hard budget applies, and cost nothing in reports elsewhere.
        </Alert>
      )}
      <Facts
        facts={[
          { name: "Name", value: model.displayName },
          { name: "Provider kind", value: model.providerKind },
          { name: "Pricing", value: <Pricing model={model} /> },
          { name: "Does", value: capabilities.operations.join(", ") },
          { name: "Takes", value: abilities.length === 0 ? "text only" : abilities.join(", ") },
          { name: "Context window", value: tokens(model.contextWindow) },
          { name: "Longest output", value: tokens(model.maxOutputTokens) },
          { name: "Used by", value: `${model.routeCount} ${model.routeCount === 1 ? "route" : "routes"}` },
          { name: "From", value: model.source === "catalogue" ? "the catalogue" : "an admin" },
        ]}
      />
      <Section
        title="Price versions"
        description="Newest first. A change is a new version; earlier ones stay as they were."
        actions={
          <GuardedButton size="xs" refusal={refusals.money} onClick={open}>
            Add price version
          </GuardedButton>
        }
      >
        {model.prices.length === 0 ? (
          <Text size="sm" c="dimmed">
            None yet.
          </Text>
        ) : (
          model.prices.map((version) => (
            <Version key={version.id} version={version} isCurrent={version.id === model.currentPrice?.id} />
          ))
        )}
      </Section>
      <Group justify="flex-end">
        <GuardedButton variant="subtle" color="red" refusal={refusals.policy} onClick={confirmArchive}>
          Archive model
        </GuardedButton>
      </Group>
      <Modal opened={isPricing} onClose={close} title={`New price of ${model.providerModel}`} size="lg">
        {isPricing && (
          <PriceForm
            model={model}
            onDone={() => {
              close();
              notifyDone("The price version is added.");
            }}
          />
        )}
      </Modal>
    </Stack>
  );
}

function Version({ version, isCurrent }: { version: PriceVersion; isCurrent: boolean }) {
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="xs" mb={6}>
        <Text size="sm" fw={500}>
          From {showInstant(version.effectiveFrom)}
        </Text>
        <Group gap={6}>
          {version.connectionName !== null && <Badge color="gray">Only {version.connectionName}</Badge>}
          {isCurrent && <Badge>In force</Badge>}
        </Group>
      </Group>
      {version.free ? <Text size="sm">Free of charge</Text> : <PriceLines lines={version.lines} />}
      <Text size="xs" c="dimmed" mt={6}>
        {version.createdBy} · {version.source}
        {version.note === null ? "" : ` · ${version.note}`}
      </Text>
    </Paper>
  );
}
