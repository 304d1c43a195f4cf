"use client";
import { Stack } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import type { RequestSummary } from "@switchyard/api-contract/requests";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Page } from "../../ui/page.tsx";
import { showInstant } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { Section } from "../../ui/section.tsx";
import { FindRequest } from "../requests/find-request.tsx";
import { blockedCallsQuery, refusalQuery } from "./queries.ts";
import { RefusalReport } from "./refusal-report.tsx";

/** From a request id in somebody's complaint to the budget that refused it, and to who may raise that. */
export function BlockedScreen() {
  const [requestId, setRequestId] = useQueryState("request", parseAsString.withOptions({ history: "push" }));
  return (
    <Page
      title="Why was this call blocked?"
      description="By the x-request-id that every answer carries, or from the calls below."
    >
      <Stack gap="xl">
        <FindRequest onFind={(id) => void setRequestId(id)} />
        {requestId !== null && <Explained key={requestId} requestId={requestId} />}
        <Section title="Refused lately" description="Calls that a budget or a rate limit refused, newest first.">
          <BlockedCalls openKey={requestId} onOpen={(id) => void setRequestId(id)} />
        </Section>
      </Stack>
    </Page>
  );
}

function Explained({ requestId }: { requestId: string }) {
  const refusal = useQuery(refusalQuery(requestId));
  return <QueryStates query={refusal}>{(data) => <RefusalReport refusal={data} />}</QueryStates>;
}

const columns: readonly Column<RequestSummary>[] = [
  { header: "When", cell: ({ startedAt }) => showInstant(startedAt) },
  { header: "Refused as", onPhone: "heading", cell: ({ errorCode }) => errorCode ?? "–" },
  { header: "Team and project", truncateAt: 240, cell: ({ teamName, projectName }) => `${teamName} / ${projectName}` },
  { header: "Key", truncateAt: 160, cell: ({ keyName }) => keyName },
  { header: "User", truncateAt: 160, cell: ({ user }) => user ?? "–" },
  { header: "Asked for", truncateAt: 200, cell: ({ requestedModel }) => requestedModel },
];

function BlockedCalls({ openKey, onOpen }: { openKey: string | null; onOpen: (requestId: string) => void }) {
  const calls = useQuery(blockedCallsQuery);
  return (
    <QueryStates
      query={calls}
      isEmpty={(items) => items.length === 0}
      empty={
        <EmptyState icon={<IconShieldCheck size={24} aria-hidden />} title="No call was refused">
          Calls that a budget or a limit refuses show here within seconds.
        </EmptyState>
      }
    >
      {(items) => (
        <DataTable
          label="Refused calls, newest first"
          columns={columns}
          rows={items}
          keyOf={({ requestId }) => requestId}
          opens={{
            href: ({ requestId }) => `/blocked?request=${requestId}`,
            onOpen: ({ requestId }) => onOpen(requestId),
            openKey,
          }}
        />
      )}
    </QueryStates>
  );
}
