"use client";
import { Accordion, Group, MultiSelect, NumberInput, Stack, Switch, TagsInput } from "@mantine/core";
import type { Route } from "@switchyard/api-contract/routes";
import { useQuery } from "@tanstack/react-query";
import { AfterFailureSettings } from "./after-failure-settings.tsx";
import { AnswerCheckSettings } from "./answer-check-settings.tsx";
import { GuardSettings } from "./guard-settings.tsx";
import { LateAnswerSettings } from "./late-answer-settings.tsx";
import { OutlierSettings } from "./outlier-settings.tsx";
import { projectsQuery } from "./queries.ts";
import type { RouteDraft } from "./route-draft.ts";
import { ShadowSettings } from "./shadow-settings.tsx";

interface RouteSettingsProps {
  readonly draft: RouteDraft;
  readonly otherRoutes: readonly Route[];
  readonly isReadOnly: boolean;
  readonly onChange: (fields: Partial<RouteDraft>) => void;
}

const timeouts = [
  { field: "connectMs", label: "Connect", max: 60_000 },
  { field: "firstByteMs", label: "First byte", max: 600_000 },
  { field: "idleMs", label: "Between bytes", max: 600_000 },
  { field: "totalMs", label: "Whole answer", max: 3_600_000 },
] as const;

/** What most routes leave as it is: failover, access, cache, timeouts and what is done about late answers and bad ones. */
export function RouteSettings({ draft, otherRoutes, isReadOnly, onChange }: RouteSettingsProps) {
  const projects = useQuery(projectsQuery);
  const nameOf = new Map(otherRoutes.map((route) => [route.id, route.name]));
  const idOf = new Map(otherRoutes.map((route) => [route.name, route.id]));
  return (
    <Accordion variant="separated" chevronPosition="left">
      <Accordion.Item value="failover">
        <Accordion.Control>Failover</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="sm">
            <TagsInput
              label="Fallback routes, in order"
              description="Tried when no target of this route can answer."
              data={[...idOf.keys()]}
              value={draft.fallbackRouteIds.map((id) => nameOf.get(id) ?? id)}
              onChange={(names) => onChange({ fallbackRouteIds: names.flatMap((name) => idOf.get(name) ?? []) })}
              disabled={isReadOnly}
            />
            <NumberInput
              label="Attempts"
              description="At most this many targets are tried for one call."
              min={1}
              max={5}
              allowDecimal={false}
              value={draft.maxAttempts}
              onChange={(value) => typeof value === "number" && onChange({ maxAttempts: value })}
              disabled={isReadOnly}
              w={160}
            />
            <AfterFailureSettings
              resilience={draft.resilience}
              isReadOnly={isReadOnly}
              onChange={(resilience) => onChange({ resilience })}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="access">
        <Accordion.Control>Access</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="sm">
            <Switch
              label="Only some projects may call it"
              checked={draft.allowedProjectIds !== null}
              onChange={(event) => onChange({ allowedProjectIds: event.currentTarget.checked ? [] : null })}
              disabled={isReadOnly}
            />
            {draft.allowedProjectIds !== null && (
              <MultiSelect
                label="Projects"
                data={
                  projects.data?.map(({ id, name, teamName }) => ({ value: id, label: `${teamName} / ${name}` })) ?? []
                }
                value={[...draft.allowedProjectIds]}
                onChange={(allowedProjectIds) => onChange({ allowedProjectIds })}
                searchable
                disabled={isReadOnly}
              />
            )}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="guards">
        <Accordion.Control>Price ceiling and residency</Accordion.Control>
        <Accordion.Panel>
          <GuardSettings guards={draft.guards} isReadOnly={isReadOnly} onChange={(guards) => onChange({ guards })} />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="cache">
        <Accordion.Control>Response cache</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="sm">
            <Switch
              label="Answer identical calls of a project from memory"
              checked={draft.cacheEnabled}
              onChange={(event) => onChange({ cacheEnabled: event.currentTarget.checked })}
              disabled={isReadOnly}
            />
            <NumberInput
              label="Keep an answer for (seconds)"
              min={1}
              max={2_592_000}
              allowDecimal={false}
              value={draft.cacheTtlSeconds}
              onChange={(value) => typeof value === "number" && onChange({ cacheTtlSeconds: value })}
              disabled={isReadOnly || !draft.cacheEnabled}
              w={220}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="timeouts">
        <Accordion.Control>Timeouts</Accordion.Control>
        <Accordion.Panel>
          <Group gap="sm">
            {timeouts.map(({ field, label, max }) => (
              <NumberInput
                key={field}
                label={label}
                suffix=" ms"
                min={100}
                max={max}
                step={500}
                allowDecimal={false}
                value={draft.timeouts[field]}
                onChange={(value) =>
                  typeof value === "number" && onChange({ timeouts: { ...draft.timeouts, [field]: value } })
                }
                disabled={isReadOnly}
                w={150}
              />
            ))}
          </Group>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="lateness">
        <Accordion.Control>Late answers and full providers</Accordion.Control>
        <Accordion.Panel>
          <LateAnswerSettings
            resilience={draft.resilience}
            isReadOnly={isReadOnly}
            onChange={(resilience) => onChange({ resilience })}
          />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="outliers">
        <Accordion.Control>Targets that do worse than their peers</Accordion.Control>
        <Accordion.Panel>
          <OutlierSettings
            resilience={draft.resilience}
            isReadOnly={isReadOnly}
            onChange={(resilience) => onChange({ resilience })}
          />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="shadow">
        <Accordion.Control>Shadow</Accordion.Control>
        <Accordion.Panel>
          <ShadowSettings draft={draft} isReadOnly={isReadOnly} onChange={(shadow) => onChange({ shadow })} />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="checks">
        <Accordion.Control>Answer checks</Accordion.Control>
        <Accordion.Panel>
          <AnswerCheckSettings
            validation={draft.validation}
            isReadOnly={isReadOnly}
            onChange={(validation) => onChange({ validation })}
          />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
