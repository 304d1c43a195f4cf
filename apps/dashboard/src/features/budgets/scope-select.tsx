"use client";
import { Group, Select, TextInput } from "@mantine/core";
import type { Scope } from "@switchyard/api-contract/quotas";
import type { QuotaScopeType } from "@switchyard/metering/quota";
import { useQuery } from "@tanstack/react-query";
import { VirtualKeySelect } from "../../choices/virtual-key-select.tsx";
import { connectionsQuery, projectsQuery, routesQuery, teamsQuery } from "../../control-plane/lists.ts";
import { useSession } from "../../session/session-gate.tsx";
import type { Choice } from "../../ui/filter-select.tsx";

const scopeNames: { readonly [type in QuotaScopeType]: string } = {
  organisation: "The whole organisation",
  team: "A team",
  project: "A project",
  virtual_key: "A virtual key",
  user: "A user",
  session: "A session",
  tag: "A tag",
  route: "A route",
  connection: "A provider",
};

const literalHints: { readonly [type in QuotaScopeType]?: string } = {
  user: "as sent in x-switchyard-user",
  session: "as sent in x-switchyard-session",
  tag: "name=value",
};

interface ScopeSelectProps<Type extends QuotaScopeType> {
  readonly scope: { readonly type: Type; readonly id: string };
  readonly onChange: (scope: { type: Type; id: string }) => void;
  readonly types: readonly Type[];
}

/** What a budget, a limit or a fee is for. */
export function ScopeSelect<Type extends QuotaScopeType>({ scope, onChange, types }: ScopeSelectProps<Type>) {
  const { organisationId } = useSession();
  return (
    <Group grow align="flex-start">
      <Select
        label="For"
        data={types.map((type) => ({ value: type, label: scopeNames[type] }))}
        value={scope.type}
        onChange={(type) => {
          const chosen = types.find((known) => known === type);
          if (chosen !== undefined) onChange({ type: chosen, id: chosen === "organisation" ? organisationId : "" });
        }}
        allowDeselect={false}
      />
      <ScopedThing scope={scope} onChange={(id) => onChange({ ...scope, id })} />
    </Group>
  );
}

function ScopedThing({ scope, onChange }: { scope: Scope; onChange: (id: string) => void }) {
  const hint = literalHints[scope.type];
  if (scope.type === "organisation") return null;
  if (hint !== undefined) {
    return (
      <TextInput
        label="Which"
        placeholder={hint}
        value={scope.id}
        onChange={(event) => onChange(event.currentTarget.value)}
        required
      />
    );
  }
  if (scope.type === "virtual_key") {
    return <VirtualKeySelect label="Which" value={scope.id || null} onChange={(id) => onChange(id ?? "")} required />;
  }
  return <ListedThing type={scope.type} id={scope.id} onChange={onChange} />;
}

function ListedThing({ type, id, onChange }: { type: QuotaScopeType; id: string; onChange: (id: string) => void }) {
  const teams = useQuery({ ...teamsQuery, enabled: type === "team" });
  const projects = useQuery({ ...projectsQuery, enabled: type === "project" });
  const routes = useQuery({ ...routesQuery, enabled: type === "route" });
  const connections = useQuery({ ...connectionsQuery, enabled: type === "connection" });
  const named = type === "team" ? teams.data : type === "route" ? routes.data : connections.data;
  const choices: Choice[] =
    type === "project"
      ? (projects.data ?? []).map((project) => ({ value: project.id, label: `${project.teamName} / ${project.name}` }))
      : (named ?? []).map((item) => ({ value: item.id, label: item.name }));
  return (
    <Select
      label="Which"
      data={choices}
      value={id || null}
      onChange={(chosen) => onChange(chosen ?? "")}
      searchable
      required
    />
  );
}
