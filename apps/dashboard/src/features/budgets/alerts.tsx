"use client";
import { Button, Group, Text, TextInput } from "@mantine/core";
import type { AlertWebhook, BudgetAlert } from "@switchyard/api-contract/system";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Failure } from "../../ui/failure.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Money } from "../../ui/money.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { Section } from "../../ui/section.tsx";
import { ShownOnce } from "../../ui/shown-once.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { useAddWebhook, useRemoveWebhook } from "./mutations.ts";
import { alertsQuery, webhooksQuery } from "./queries.ts";

const alertColumns: readonly Column<BudgetAlert>[] = [
  { header: "When", cell: ({ createdAt }) => <Moment iso={createdAt} /> },
  {
    header: "Budget",
    truncateAt: 260,
    onPhone: "heading",
    cell: ({ budgetName }) => (
      <Text inherit fw={500}>
        {budgetName}
      </Text>
    ),
  },
  { header: "Passed", align: "right", cell: ({ thresholdPct }) => `${thresholdPct} %` },
  { header: "Used", align: "right", cell: ({ usedUsd }) => <Money usd={usedUsd} /> },
  { header: "Limit", align: "right", cell: ({ limitUsd }) => <Money usd={limitUsd} /> },
  { header: "Delivery", truncateAt: 260, cell: (alert) => <Delivery alert={alert} /> },
];

/** Budgets that passed a threshold, and where that is posted. */
export function Alerts() {
  const alerts = useQuery(alertsQuery);
  return (
    <>
      <Section title="Passed thresholds">
        <QueryStates
          query={alerts}
          isEmpty={(data) => data.length === 0}
          empty={
            <EmptyState icon={<IconBell size={24} aria-hidden />} title="No alerts">
              When a budget passes one of its thresholds, it shows here and is posted to every webhook, once.
            </EmptyState>
          }
          skeletonRows={3}
        >
          {(data) => (
            <DataTable label="Alerts, newest first" columns={alertColumns} rows={data} keyOf={({ id }) => id} />
          )}
        </QueryStates>
      </Section>
      <Webhooks />
    </>
  );
}

function Delivery({ alert }: { alert: BudgetAlert }) {
  if (alert.deliveredAt !== null) return <StateLabel tone="good">Delivered</StateLabel>;
  if (alert.deliveryError !== null) return <StateLabel tone="bad">{alert.deliveryError}</StateLabel>;
  return <StateLabel tone="busy">On its way</StateLabel>;
}

const webhookColumns: readonly Column<AlertWebhook>[] = [
  { header: "Address", truncateAt: 480, cell: ({ url }) => url },
  { header: "Since", cell: ({ createdAt }) => <Moment iso={createdAt} /> },
  { header: "Actions", align: "right", cell: (webhook) => <RemoveWebhook webhook={webhook} /> },
];

function Webhooks() {
  const webhooks = useQuery(webhooksQuery);
  const [url, setUrl] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const { canEditPolicy } = usePermissions();
  const add = useAddWebhook();
  return (
    <Section title="Webhooks" description="Alerts are posted as JSON, signed in x-switchyard-signature.">
      <QueryStates
        query={webhooks}
        isEmpty={(data) => data.length === 0}
        empty={
          <Text size="sm" c="dimmed">
            None: alerts go to the worker&apos;s log only.
          </Text>
        }
        skeletonRows={1}
      >
        {(data) => <DataTable label="Webhooks" columns={webhookColumns} rows={data} keyOf={({ id }) => id} />}
      </QueryStates>
      {canEditPolicy && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(url.trim(), {
              onSuccess: ({ signingSecret }) => {
                setUrl("");
                setSecret(signingSecret);
              },
            });
          }}
        >
          <Group align="flex-end" gap="xs">
            <TextInput
              label="New webhook"
              placeholder="https://hooks.example.com/switchyard"
              type="url"
              value={url}
              onChange={(event) => setUrl(event.currentTarget.value)}
              flex="1 1 260px"
            />
            <Button type="submit" variant="default" loading={add.isPending} disabled={!URL.canParse(url.trim())}>
              Add webhook
            </Button>
          </Group>
          {add.error && <Failure error={add.error} />}
        </form>
      )}
      <ShownOnce title="The signing secret" what="signing secret" secret={secret} onClose={() => setSecret(null)}>
        <Text size="sm">The receiver checks HMAC-SHA256 over &quot;&lt;t&gt;.&lt;body&gt;&quot; with it.</Text>
      </ShownOnce>
    </Section>
  );
}

function RemoveWebhook({ webhook }: { webhook: AlertWebhook }) {
  const remove = useRemoveWebhook();
  const { canEditPolicy } = usePermissions();
  if (!canEditPolicy) return null;
  const confirm = () =>
    askFirst({
      title: "Remove this webhook?",
      consequence: `Alerts are no longer posted to ${webhook.url}.`,
      confirm: "Remove webhook",
      isDestructive: true,
      onConfirm: () =>
        remove.mutate(webhook.id, { onSuccess: () => notifyDone("The webhook is removed."), onError: notifyFailure }),
    });
  return (
    <Button size="compact-xs" variant="subtle" color="red" onClick={confirm}>
      Remove
    </Button>
  );
}
