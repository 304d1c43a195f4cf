"use client";
import { ActionIcon, Button, Group, Select, Stack, Text } from "@mantine/core";
import type { Clause, Condition } from "@switchyard/policy-engine/conditions/condition";
import { IconPlus, IconX } from "@tabler/icons-react";
import { ClauseFields } from "./clause-fields.tsx";
import { clauseOf, type Fact, factWords } from "./condition.ts";
import classes from "./routes.module.css";

interface ConditionEditorProps {
  /** Undefined: the group is for every call. */
  readonly when: Condition | undefined;
  readonly isReadOnly: boolean;
  /** What is wrong with the clause at this place. */
  readonly problemAt: (clause: number) => string | undefined;
  readonly onChange: (when: Condition | undefined) => void;
}

const facts = Object.entries(factWords).map(([value, label]) => ({ value: value as Fact, label }));
const matches = [
  { value: "all", label: "all of these hold" },
  { value: "any", label: "any of these holds" },
] as const;

const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Which calls a group is for: clauses about who calls, what is asked and when. */
export function ConditionEditor({ when, isReadOnly, problemAt, onChange }: ConditionEditorProps) {
  const match = when?.match ?? "all";
  const clauses = when?.clauses ?? [];
  const replace = (changed: Clause[]) => onChange(changed.length === 0 ? undefined : { match, clauses: changed });
  return (
    <Stack gap={6} component="section" aria-label="Which calls it is for">
      <Group gap="xs">
        <Text size="sm">{clauses.length === 0 ? "For every call." : "For calls where"}</Text>
        {clauses.length > 1 && (
          <Select
            size="xs"
            aria-label="How many of the conditions have to hold"
            data={[...matches]}
            value={match}
            onChange={(value) => value !== null && onChange({ match: value, clauses })}
            allowDeselect={false}
            disabled={isReadOnly}
            w={170}
          />
        )}
      </Group>
      {clauses.map((clause, index) => (
        <div key={`${index} ${clause.fact}`} className={classes.clause}>
          <Select
            size="xs"
            aria-label={`What condition ${index + 1} is about`}
            data={facts}
            value={clause.fact}
            onChange={(fact) => fact !== null && replace(clauses.with(index, clauseOf(fact, ownTimeZone())))}
            allowDeselect={false}
            disabled={isReadOnly}
            error={problemAt(index) !== undefined}
          />
          <div className={classes.clauseFields}>
            <ClauseFields
              clause={clause}
              position={index + 1}
              isReadOnly={isReadOnly}
              onChange={(changed) => replace(clauses.with(index, changed))}
            />
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove condition ${index + 1}`}
            disabled={isReadOnly}
            onClick={() => replace(clauses.toSpliced(index, 1))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
          {problemAt(index) !== undefined && (
            <Text size="xs" c="red" role="alert" className={classes.clauseProblem}>
              {problemAt(index)}
            </Text>
          )}
        </div>
      ))}
      {!isReadOnly && clauses.length < 20 && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          w="fit-content"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => replace([...clauses, clauseOf("tag", ownTimeZone())])}
        >
          Add condition
        </Button>
      )}
    </Stack>
  );
}
