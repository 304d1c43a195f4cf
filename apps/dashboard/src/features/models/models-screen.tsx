"use client";
import { Button, Drawer, Group, Modal, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Model } from "@switchyard/api-contract/models";
import { IconListCheck, IconPlus, IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { usePermissions } from "../../session/session-gate.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { FilterSelect } from "../../ui/filter-select.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { useListFilters } from "../../ui/list-filters.ts";
import { Page } from "../../ui/page.tsx";
import { PagerBar } from "../../ui/pager-bar.tsx";
import { showCount } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { ModelDetail } from "./model-detail.tsx";
import { ModelForm } from "./model-form.tsx";
import { BasePrice, Pricing } from "./price-lines.tsx";
import { PriceList } from "./price-list.tsx";
import { modelsQuery, providerKindsQuery, type PricingState } from "./queries.ts";

const pricingChoices = [
  { value: "priced", label: "Priced" },
  { value: "free", label: "Free" },
  { value: "unpriced", label: "Unpriced" },
];

const parsers = {
  search: parseAsString,
  providerKind: parseAsString,
  pricing: parseAsStringLiteral(["priced", "free", "unpriced"] as const),
  inUse: parseAsBoolean.withDefault(false),
};

const columns: readonly Column<Model>[] = [
  {
    header: "Model",
    truncateAt: 320,
    cell: ({ providerModel }) => (
      <Text inherit fw={500}>
        {providerModel}
      </Text>
    ),
  },
  { header: "Pricing", onPhone: "heading", cell: (model) => <Pricing model={model} /> },
  { header: "Does", cell: ({ capabilities }) => capabilities.operations.join(", ") },
  { header: "Provider kind", cell: ({ providerKind }) => providerKind },
  {
    header: "Context",
    align: "right",
    cell: ({ contextWindow }) => (contextWindow === null ? "–" : showCount(contextWindow)),
  },
  { header: "Input / 1M", align: "right", cell: (model) => <BasePrice model={model} meter="input" /> },
  { header: "Cached / 1M", align: "right", cell: (model) => <BasePrice model={model} meter="cached_input" /> },
  { header: "Output / 1M", align: "right", cell: (model) => <BasePrice model={model} meter="output" /> },
  { header: "Routes", align: "right", cell: ({ routeCount }) => (routeCount === 0 ? "–" : showCount(routeCount)) },
];

export function ModelsScreen() {
  const { filters, change, pager } = useListFilters(parsers);
  const models = useQuery(modelsQuery({ ...filters, cursor: pager.cursor }));
  const kinds = useQuery(providerKindsQuery);
  const [selected, setSelected] = useQueryState("model", parseAsString.withOptions({ history: "push" }));
  const [view, setView] = useQueryState(
    "view",
    parseAsStringLiteral(["price-list"] as const).withOptions({ history: "push" }),
  );
  const [isAdding, { open, close }] = useDisclosure();
  const { refusals } = usePermissions();
  return (
    <Page
      title="Models and prices"
      description="What providers offer and what it costs, to the pico-dollar."
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconListCheck size={16} aria-hidden />}
            onClick={() => void setView("price-list")}
          >
            Compare prices
          </Button>
          <GuardedButton leftSection={<IconPlus size={16} aria-hidden />} refusal={refusals.policy} onClick={open}>
            Add model
          </GuardedButton>
        </>
      }
    >
      <Group gap="xs">
        <SearchField
          aria-label="Search models"
          placeholder="Search models"
          value={filters.search}
          onSettle={(search) => change({ search })}
        />
        <FilterSelect
          label="Provider kind"
          choices={kinds.data?.map(({ kind, displayName }) => ({ value: kind, label: displayName }))}
          value={filters.providerKind}
          onChange={(providerKind) => change({ providerKind })}
        />
        <FilterSelect
          label="Pricing"
          choices={pricingChoices}
          value={filters.pricing}
          onChange={(pricing) => change({ pricing: pricing as PricingState | null })}
        />
        <Switch
          size="sm"
          label="Used by a route"
          checked={filters.inUse}
          onChange={(event) => change({ inUse: event.currentTarget.checked })}
        />
      </Group>
      <QueryStates
        query={models}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={<IconTags size={24} aria-hidden />} title="No such model">
            Nothing in the catalogue fits. A model of your own can be added.
          </EmptyState>
        }
        skeletonRows={12}
      >
        {({ items, nextCursor }) => (
          <>
            <DataTable
              label="Models"
              columns={columns}
              rows={items}
              keyOf={({ id }) => id}
              opens={{
                href: ({ id }) => `/models?model=${id}`,
                onOpen: ({ id }) => void setSelected(id),
                openKey: selected,
              }}
              isStale={models.isPlaceholderData}
            />
            <PagerBar pager={pager} nextCursor={nextCursor} count={items.length} />
          </>
        )}
      </QueryStates>
      <Drawer opened={selected !== null} onClose={() => void setSelected(null)} size={640} title="Model">
        {selected !== null && <ModelDetail key={selected} id={selected} onClose={() => void setSelected(null)} />}
      </Drawer>
      <Drawer
        opened={view === "price-list"}
        onClose={() => void setView(null)}
        size={640}
        title="Price list of this release"
      >
        {view === "price-list" && <PriceList onApplied={() => void setView(null)} />}
      </Drawer>
      <Modal opened={isAdding} onClose={close} title="Add a model" size="lg">
        {isAdding && (
          <ModelForm
            onCreated={(id) => {
              close();
              void setSelected(id);
            }}
          />
        )}
      </Modal>
    </Page>
  );
}
