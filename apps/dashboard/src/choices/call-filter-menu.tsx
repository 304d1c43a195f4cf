"use client";
import { Button, Popover, Select, SimpleGrid } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFilter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { connectionsQuery, projectsQuery, routesQuery, teamsQuery } from "../control-plane/lists.ts";
import { SearchField } from "../ui/search-field.tsx";
import { callFilterLabels, type CallFilters } from "./call-filters.ts";
import { ModelSelect } from "./model-select.tsx";
import { VirtualKeySelect } from "./virtual-key-select.tsx";

interface CallFilterMenuProps {
  readonly filters: CallFilters;
  readonly onChange: (change: Partial<CallFilters>) => void;
  /** Filters that only this page has. */
  readonly children?: ReactNode;
}

/** Every filter in one place; what is set shows beside it as FilterChips. */
export function CallFilterMenu({ filters, onChange, children }: CallFilterMenuProps) {
  const [isOpen, { toggle, close }] = useDisclosure();
  return (
    <Popover opened={isOpen} onDismiss={close} position="bottom-start" trapFocus returnFocus width={440} shadow="md">
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconFilter size={14} aria-hidden />}
          onClick={toggle}
          aria-expanded={isOpen}
        >
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 32px)">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <Fields filters={filters} onChange={onChange} />
          {children}
        </SimpleGrid>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Their lists are loaded when the menu opens, not with the page. */
function Fields({ filters, onChange }: Omit<CallFilterMenuProps, "children">) {
  const teams = useQuery(teamsQuery).data;
  const projects = useQuery(projectsQuery).data;
  const routes = useQuery(routesQuery).data;
  const connections = useQuery(connectionsQuery).data;
  const named = (items: readonly { id: string; name: string }[] | undefined) =>
    items?.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const ofTeam = projects?.filter(({ teamId }) => filters.teamId === null || teamId === filters.teamId);
  const lists = [
    { key: "teamId", data: named(teams) },
    { key: "projectId", data: named(ofTeam) },
    { key: "routeId", data: named(routes) },
    { key: "connectionId", data: named(connections) },
  ] as const;
  return (
    <>
      {lists.map(({ key, data }) => (
        <Select
          key={key}
          size="xs"
          label={callFilterLabels[key]}
          placeholder="Any"
          data={data}
          value={filters[key]}
          onChange={(value) => onChange({ [key]: value })}
          clearable
          searchable
          comboboxProps={{ withinPortal: false }}
        />
      ))}
      <VirtualKeySelect
        size="xs"
        label={callFilterLabels.virtualKeyId}
        placeholder="Any"
        value={filters.virtualKeyId}
        onChange={(virtualKeyId) => onChange({ virtualKeyId })}
        clearable
        comboboxProps={{ withinPortal: false }}
      />
      <ModelSelect
        size="xs"
        label={callFilterLabels.modelId}
        placeholder="Any"
        value={filters.modelId}
        onChange={(modelId) => onChange({ modelId })}
        clearable
        comboboxProps={{ withinPortal: false }}
      />
      <SearchField
        label={callFilterLabels.user}
        placeholder="As sent in x-switchyard-user"
        value={filters.user}
        onSettle={(user) => onChange({ user })}
      />
      <SearchField
        label={callFilterLabels.tag}
        placeholder="name=value"
        value={filters.tag}
        onSettle={(tag) => onChange({ tag })}
      />
    </>
  );
}
