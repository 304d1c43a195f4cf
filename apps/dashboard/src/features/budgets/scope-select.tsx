"use client";
import { Group, Select, TextInput } from "@mantine/core";
import type { Scope } from "@switchyard/api-contract/quotas";
import { quotaScopeTypes, type QuotaScopeType } from "@switchyard/metering/quota";
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

/** What a budget or a limit is for. */
export function ScopeSelect({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const { organisationId } = useSession();
  return (
    <Group grow align="flex-start">
      <Select
        label="For"
        data={quotaScopeTypes.map((type) => ({ value: type, label: scopeNames[type] }))}
        value={scope.type}
        onChange={(type) => {
          if (type === "organisation") onChange({ type, id: organisationId });
          else if (type !== null) onChange({ type: type as QuotaScopeType, id: "" });
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
