"use client";
import { Badge, Menu, Modal, Paper, Stack, Switch, Text } from "@mantine/core";
import type { Project } from "@switchyard/api-contract/projects";
import { IconBuildingBank, IconDots, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState, type ReactNode } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Money } from "../../ui/money.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { showCount } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { useArchive, useSetZeroRetention, type Named } from "./mutations.ts";
import { NameForm } from "./name-form.tsx";
import { PassthroughForm } from "./passthrough-form.tsx";
import { teamTreeQuery, type TeamWithProjects } from "./queries.ts";
import classes from "./teams.module.css";

interface Editing {
  readonly title: string;
  readonly subject: Named;
  readonly name: string;
}

export function TeamsScreen() {
  const [showsArchived, setShowsArchived] = useQueryState("archived", parseAsBoolean.withDefault(false));
  const teams = useQuery(teamTreeQuery(showsArchived));
  const [editing, setEditing] = useState<Editing | null>(null);
  const [passing, setPassing] = useState<Project | null>(null);
  const { refusals } = usePermissions();
  const newTeam = (
    <GuardedButton
      leftSection={<IconPlus size={16} aria-hidden />}
      refusal={refusals.policy}
      onClick={() => setEditing({ title: "New team", subject: { kind: "team", id: null }, name: "" })}
    >
      New team
    </GuardedButton>
  );
  return (
    <Page
      title="Teams and projects"
      description="Who pays. A project belongs to a team, a key to a project."
      actions={newTeam}
    >
      <Switch
        size="sm"
        label="Show archived"
        checked={showsArchived}
        onChange={(event) => void setShowsArchived(event.currentTarget.checked)}
      />
      <QueryStates
        query={teams}
        isEmpty={(data) => data.length === 0}
        empty={
          <EmptyState icon={<IconBuildingBank size={24} aria-hidden />} title="No teams yet" action={newTeam}>
            Every call is charged to a team through the key it was made with.
          </EmptyState>
        }
      >
        {(data) => (
          <Stack gap="sm">
            {data.map((team) => (
              <TeamCard key={team.id} team={team} onEdit={setEditing} onPassthrough={setPassing} />
            ))}
          </Stack>
        )}
      </QueryStates>
      <Modal opened={editing !== null} onClose={() => setEditing(null)} title={editing?.title}>
        {editing && <NameForm subject={editing.subject} initial={editing.name} onDone={() => setEditing(null)} />}
      </Modal>
      <Modal
        opened={passing !== null}
        onClose={() => setPassing(null)}
        title={passing && `Passthrough of ${passing.name}`}
      >
        {passing && <PassthroughForm project={passing} onDone={() => setPassing(null)} />}
      </Modal>
    </Page>
  );
}

interface TeamCardProps {
  readonly team: TeamWithProjects;
  readonly onEdit: (editing: Editing) => void;
  readonly onPassthrough: (project: Project) => void;
}

function TeamCard({ team, onEdit, onPassthrough }: TeamCardProps) {
  const archive = useArchive();
  const remove = (kind: Named["kind"], id: string, name: string, consequence: string) =>
    askFirst({
      title: `Archive ${name}?`,
      consequence,
      confirm: "Archive",
      isDestructive: true,
      onConfirm: () =>
        archive.mutate({ kind, id }, { onSuccess: () => notifyDone(`${name} is archived.`), onError: notifyFailure }),
    });
  const retention = useSetZeroRetention();
  const changeRetention = ({ id, name, zeroRetention }: Project) =>
    askFirst({
      title: zeroRetention ? `Keep answers of ${name} for retries?` : `Keep no answers of ${name}?`,
      consequence: zeroRetention
        ? "A retry with the same Idempotency-Key gets the first answer again. It is kept encrypted for ten minutes, and opens only with that key."
        : "A retry with the same Idempotency-Key is told that the first call was answered and billed, but not what the answer was.",
      confirm: zeroRetention ? "Keep answers" : "Keep nothing",
      onConfirm: () =>
        retention.mutate(
          { id, zeroRetention: !zeroRetention },
          {
            onSuccess: () =>
              notifyDone(zeroRetention ? `${name} keeps answers for retries.` : `${name} keeps no answers.`),
            onError: notifyFailure,
          },
        ),
    });
  const projectActions = (project: Project) => (
    <Actions name={project.name}>
      <Menu.Item
        onClick={() =>
          onEdit({
            title: `Rename ${project.name}`,
            subject: { kind: "project", id: project.id, teamId: team.id },
            name: project.name,
          })
        }
      >
        Rename
      </Menu.Item>
      <Menu.Item onClick={() => changeRetention(project)}>
        {project.zeroRetention ? "Keep answers for retries" : "Keep no answers"}
      </Menu.Item>
      <Menu.Item onClick={() => onPassthrough(project)}>Passthrough</Menu.Item>
      <Menu.Item
        color="red"
        onClick={() =>
          remove(
            "project",
            project.id,
            project.name,
            "Its keys are revoked at once. Its history stays in every report.",
          )
        }
      >
        Archive
      </Menu.Item>
    </Actions>
  );
  return (
    <Paper withBorder component="section" aria-label={`Team ${team.name}`}>
      <Row
        name={
          <Text fw={600} size="sm" truncate>
            {team.name}
          </Text>
        }
        isArchived={team.archivedAt !== null}
        keyCount={team.keyCount}
        spendUsd={team.spendThisMonthUsd}
        actions={
          <Actions name={team.name}>
            <Menu.Item
              onClick={() =>
                onEdit({
                  title: `New project in ${team.name}`,
                  subject: { kind: "project", id: null, teamId: team.id },
                  name: "",
                })
              }
            >
              New project
            </Menu.Item>
            <Menu.Item
              onClick={() =>
                onEdit({ title: `Rename ${team.name}`, subject: { kind: "team", id: team.id }, name: team.name })
              }
            >
              Rename
            </Menu.Item>
            <Menu.Item
              color="red"
              onClick={() =>
                remove(
                  "team",
                  team.id,
                  team.name,
                  "Only a team without live projects can be archived. Its history stays.",
                )
              }
            >
              Archive
            </Menu.Item>
          </Actions>
        }
      />
      {team.projects.map((project) => (
        <Row
          key={project.id}
          isProject
          name={
            <Text size="sm" truncate>
              {project.name}
            </Text>
          }
          isArchived={project.archivedAt !== null}
          isZeroRetention={project.zeroRetention}
          passesThrough={project.passthroughConnectionIds.length > 0}
          keyCount={project.keyCount}
          spendUsd={project.spendThisMonthUsd}
          actions={project.archivedAt === null ? projectActions(project) : null}
        />
      ))}
    </Paper>
  );
}

interface RowProps {
  readonly name: ReactNode;
  readonly isProject?: boolean;
  readonly isArchived: boolean;
  readonly isZeroRetention?: boolean;
  readonly passesThrough?: boolean;
  readonly keyCount: number;
  readonly spendUsd: string;
  readonly actions: ReactNode;
}

function Row({ name, isProject, isArchived, isZeroRetention, passesThrough, keyCount, spendUsd, actions }: RowProps) {
  return (
    <div className={isProject ? `${classes.row} ${classes.project}` : classes.row}>
      <div style={{ display: "flex", gap: 8, minWidth: 0, alignItems: "center" }}>
        {name}
        {isArchived && <Badge color="gray">Archived</Badge>}
        {isZeroRetention && <Badge variant="light">Zero retention</Badge>}
        {passesThrough && <Badge variant="light">Passthrough</Badge>}
      </div>
      <Text inherit c="dimmed" className={`${classes.number} ${classes.keys}`}>
        {showCount(keyCount)} {keyCount === 1 ? "key" : "keys"}
      </Text>
      <span className={classes.number} title="Spend this month, UTC">
        <Money usd={spendUsd} />
      </span>
      {actions ?? <span />}
    </div>
  );
}

function Actions({ name, children }: { name: string; children: ReactNode }) {
  const { refusals } = usePermissions();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <GuardedButton
          size="compact-sm"
          variant="subtle"
          color="gray"
          refusal={refusals.policy}
          aria-label={`Actions for ${name}`}
        >
          <IconDots size={16} aria-hidden />
        </GuardedButton>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
