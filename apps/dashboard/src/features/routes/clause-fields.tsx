"use client";
import { Group, MultiSelect, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import type { Clause } from "@switchyard/policy-engine/conditions/condition";
import { useQuery } from "@tanstack/react-query";
import { projectsQuery, teamsQuery } from "../../control-plane/lists.ts";
import { type AmountClause, type ListedClause, type TimeClause } from "./condition.ts";
import { TimeClauseFields } from "./time-clause-fields.tsx";

interface FieldsProps<Kind extends Clause> {
  readonly clause: Kind;
  /** Which of the conditions it is, from 1, for those who hear the page. */
  readonly position: number;
  readonly isReadOnly: boolean;
  readonly onChange: (clause: Clause) => void;
}

/** What a clause asks for, by what it is about. */
export function ClauseFields({ clause, ...props }: FieldsProps<Clause>) {
  switch (clause.fact) {
    case "input_tokens":
    case "output_tokens_asked":
      return <AmountFields clause={clause} {...props} />;
    case "tools":
    case "images":
    case "json_schema":
    case "stream":
      return <TraitField clause={clause} {...props} />;
    case "time_of_day":
      return <TimeClauseFields clause={clause satisfies TimeClause} {...props} />;
    default:
      return <ListFields clause={clause} {...props} />;
  }
}

function AmountFields({ clause, position, isReadOnly, onChange }: FieldsProps<AmountClause>) {
  return (
    <Group gap={6} wrap="nowrap">
      {(["atLeast", "atMost"] as const).map((bound) => (
        <NumberInput
          key={bound}
          size="xs"
          aria-label={`Condition ${position}: ${bound === "atLeast" ? "at least" : "at most"}`}
          placeholder={bound === "atLeast" ? "at least" : "at most"}
          min={0}
          max={1_000_000_000}
          allowDecimal={false}
          value={clause[bound] ?? ""}
          onChange={(value) => {
            const { [bound]: _, ...rest } = clause;
            onChange(typeof value === "number" ? { ...rest, [bound]: value } : rest);
          }}
          disabled={isReadOnly}
          flex="1 1 90px"
        />
      ))}
    </Group>
  );
}

const traits = [
  { value: "yes", label: "are there" },
  { value: "no", label: "are not there" },
];

function TraitField({ clause, position, isReadOnly, onChange }: FieldsProps<Extract<Clause, { is: boolean }>>) {
  return (
    <Select
      size="xs"
      aria-label={`Condition ${position}: there or not`}
      data={
        clause.fact === "stream"
          ? [
              { value: "yes", label: "is asked for" },
              { value: "no", label: "is not asked for" },
            ]
          : traits
      }
      value={clause.is ? "yes" : "no"}
      onChange={(value) => onChange({ ...clause, is: value === "yes" })}
      allowDeselect={false}
      disabled={isReadOnly}
    />
  );
}

const isOrNot = [
  { value: "is", label: "is" },
  { value: "not", label: "is not" },
];

function ListFields({ clause, position, isReadOnly, onChange }: FieldsProps<ListedClause>) {
  const teams = useQuery({ ...teamsQuery, enabled: clause.fact === "team" });
  const projects = useQuery({ ...projectsQuery, enabled: clause.fact === "project" });
  const named =
    clause.fact === "team"
      ? teams.data?.map(({ id, name }) => ({ value: id, label: name }))
      : projects.data?.map(({ id, name, teamName }) => ({ value: id, label: `${teamName} / ${name}` }));
  const shared = {
    size: "xs",
    "aria-label": `Condition ${position}: values`,
    placeholder: clause.anyOf.length === 0 ? "any of…" : undefined,
    value: clause.anyOf,
    onChange: (anyOf: string[]) => onChange({ ...clause, anyOf }),
    disabled: isReadOnly,
    flex: "2 1 140px",
  } as const;
  return (
    <Group gap={6} wrap="wrap" align="flex-start">
      {clause.fact === "tag" && (
        <TextInput
          size="xs"
          aria-label={`Condition ${position}: name of the tag`}
          placeholder="name"
          maxLength={40}
          value={clause.name}
          onChange={(event) => onChange({ ...clause, name: event.currentTarget.value })}
          disabled={isReadOnly}
          flex="1 1 80px"
        />
      )}
      <Select
        size="xs"
        aria-label={`Condition ${position}: is or is not`}
        data={isOrNot}
        value={clause.not ? "not" : "is"}
        onChange={(value) => {
          const { not: _, ...rest } = clause;
          onChange(value === "not" ? { ...rest, not: true } : rest);
        }}
        allowDeselect={false}
        disabled={isReadOnly}
        w={76}
      />
      {clause.fact === "team" || clause.fact === "project" ? (
        <MultiSelect {...shared} data={named ?? []} searchable />
      ) : (
        <TagsInput {...shared} splitChars={[",", ";"]} />
      )}
    </Group>
  );
}
