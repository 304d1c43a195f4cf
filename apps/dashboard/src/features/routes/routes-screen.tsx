"use client";
import { Badge, Button, Drawer, Group, Paper, Stack, Tabs, Text } from "@mantine/core";
import type { Route } from "@switchyard/api-contract/routes";
import { IconArrowsSplit2, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { usePermissions } from "../../session/session-gate.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Page } from "../../ui/page.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { routesQuery } from "./queries.ts";
import { RevisionHistory } from "./revision-history.tsx";
import { RouteEditor } from "./route-editor.tsx";
import classes from "./routes.module.css";
import { showSplitShare, SplitBar, splitOf } from "./split-bar.tsx";
import { describeStrategy } from "./strategy.ts";
import { labelOf } from "./target-row.tsx";

const newRoute = "new";

export function RoutesScreen() {
  const routes = useQuery(routesQuery);
  const { canEditPolicy } = usePermissions();
  const [view, setView] = useQueryState("view", parseAsStringLiteral(["routes", "history"]).withDefault("routes"));
  const [selected, setSelected] = useQueryState("route", parseAsString.withOptions({ history: "push" }));
  const published = routes.data?.find((route) => route.id === selected) ?? null;
  const isOpen = published !== null || selected === newRoute;
  const close = () => void setSelected(null);
  const create = (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      disabled={!canEditPolicy}
      onClick={() => void setSelected(newRoute)}
    >
      New route
    </Button>
  );
  return (
    <Page title="Routes" description="What clients ask for by name, and where their calls go." actions={create}>
      <Tabs
        value={view}
        onChange={(value) => void setView(value === "history" ? "history" : "routes")}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="routes">Routes</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="routes">
          <QueryStates
            query={routes}
            isEmpty={(data) => data.length === 0}
            empty={
              <EmptyState icon={<IconArrowsSplit2 size={24} aria-hidden />} title="No routes yet" action={create}>
                A route is a model name that clients may ask for. It sends each call to one of its targets.
              </EmptyState>
            }
          >
            {(data) => (
              <Paper withBorder>
                {data.map((route) => (
                  <RouteRow key={route.id} route={route} routes={data} />
                ))}
              </Paper>
            )}
          </QueryStates>
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <RevisionHistory />
        </Tabs.Panel>
      </Tabs>
      <Drawer
        opened={isOpen}
        onClose={close}
        position="right"
        size={680}
        title={published ? `Route ${published.name}` : "New route"}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {isOpen && (
          <RouteEditor
            key={published?.id ?? newRoute}
            published={published}
            routes={routes.data ?? []}
            onClose={close}
          />
        )}
      </Drawer>
    </Page>
  );
}

function RouteRow({ route, routes }: { route: Route; routes: readonly Route[] }) {
  const isWeighted = route.strategy.type === "weighted";
  const targets = route.targets.map((target) => ({ ...target, key: target.id, label: labelOf(target) }));
  const fallbacks = route.fallbackRouteIds.map((id) => routes.find((other) => other.id === id)?.name ?? id);
  return (
    <Link href={`/routes?route=${encodeURIComponent(route.id)}`} className={classes.route}>
      <Stack gap={8}>
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Text fw={600} size="sm">
              {route.name}
            </Text>
            {!isWeighted && (
              <Badge size="sm" variant="light">
                {describeStrategy(route.strategy)}
              </Badge>
            )}
            {!route.enabled && (
              <Badge size="sm" color="gray" variant="light">
                Off
              </Badge>
            )}
            {route.responseCache.enabled && (
              <Badge size="sm" variant="light" color="blue">
                Cache {route.responseCache.ttlSeconds} s
              </Badge>
            )}
            {route.allowedProjectIds !== null && (
              <Badge size="sm" variant="light" color="gray">
                {route.allowedProjectIds.length} {route.allowedProjectIds.length === 1 ? "project" : "projects"}
              </Badge>
            )}
          </Group>
          {fallbacks.length > 0 && (
            <Text size="xs" c="dimmed">
              falls back to {fallbacks.join(", ")}
            </Text>
          )}
        </Group>
        {isWeighted && <SplitBar targets={targets} />}
        <Group gap="2px 16px">
          {splitOf(targets).map((target) => {
            const isUsed = isWeighted ? target.share > 0 : target.enabled;
            return (
              <Group key={target.key} gap={6} wrap="nowrap">
                <span
                  className={classes.swatch}
                  style={{ background: target.colour, opacity: isUsed ? 1 : 0.35 }}
                  aria-hidden
                />
                <Text size="xs" {...(isUsed ? {} : { c: "dimmed" })}>
                  {target.label} {isWeighted && showSplitShare(target.share)}
                </Text>
              </Group>
            );
          })}
        </Group>
      </Stack>
    </Link>
  );
}
