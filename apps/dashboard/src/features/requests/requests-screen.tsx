"use client";
import { Drawer, Switch } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useListFilters } from "../../ui/list-filters.ts";
import { Page } from "../../ui/page.tsx";
import { PagerBar } from "../../ui/pager-bar.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { RangePicker } from "../../ui/range-picker.tsx";
import { useTimeRange } from "../../ui/time-range.ts";
import { requestsQuery } from "./queries.ts";
import { requestColumns } from "./request-columns.tsx";
import { RequestDetail } from "./request-detail.tsx";
import { RequestFilters, requestFilterParsers } from "./request-filters.tsx";

export function RequestsScreen() {
  const { range, choosePreset, chooseCustom } = useTimeRange("24h");
  const { filters, change, pager } = useListFilters(requestFilterParsers);
  const [isLive, setIsLive] = useQueryState("live", parseAsBoolean.withDefault(false));
  const [open, setOpen] = useQueryState("request", parseAsString.withOptions({ history: "push" }));
  // Older pages do not change, and a page that moves while it is read helps nobody.
  const isFollowing = isLive && pager.cursor === null;
  const requests = useQuery(
    requestsQuery({ ...filters, from: range.from, to: range.to, cursor: pager.cursor }, isFollowing),
  );
  return (
    <Page
      title="Requests"
      actions={
        <>
          <RangePicker key={range.preset} range={range} choosePreset={choosePreset} chooseCustom={chooseCustom} />
          <Switch
            size="sm"
            label="Live"
            checked={isLive}
            onChange={(event) => void setIsLive(event.currentTarget.checked)}
          />
        </>
      }
    >
      <RequestFilters filters={filters} onChange={change} onFind={(requestId) => void setOpen(requestId)} />
      <QueryStates
        query={requests}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={<IconListSearch size={24} aria-hidden />} title="No requests here">
            No call of this period fits the filters. Calls show within seconds of their end.
          </EmptyState>
        }
        skeletonRows={12}
      >
        {({ items, nextCursor }) => (
          <>
            <DataTable
              label="Requests, newest first"
              columns={requestColumns}
              rows={items}
              keyOf={({ requestId }) => requestId}
              opens={{
                href: ({ requestId }) => `/requests?request=${requestId}`,
                onOpen: ({ requestId }) => void setOpen(requestId),
                openKey: open,
              }}
              isStale={requests.isPlaceholderData && !isFollowing}
            />
            <PagerBar pager={pager} nextCursor={nextCursor} count={items.length} />
          </>
        )}
      </QueryStates>
      <Drawer opened={open !== null} onClose={() => void setOpen(null)} size={760} title="Request">
        {open !== null && <RequestDetail key={open} requestId={open} />}
      </Drawer>
    </Page>
  );
}
