"use client";
import { Button, Group, SegmentedControl, Select, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { budgetPeriods, type Budget, type Scope } from "@switchyard/api-contract/quotas";
import { memberScopeTypes, quotaScopeTypes, type QuotaMemberKind } from "@switchyard/metering/quota";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { useState } from "react";
import { useSession } from "../../session/session-gate.tsx";
import { Failure } from "../../ui/failure.tsx";
import type { BudgetBody } from "./mutations.ts";
import { ScopeSelect } from "./scope-select.tsx";

interface BudgetFormProps {
  /** Null for a new one. Scope, period and zone of a present one stay. */
  readonly budget: Budget | null;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onSubmit: (body: BudgetBody) => void;
}

const periods: { readonly [period in (typeof budgetPeriods)[number]]: string } = {
  day: "A day",
  week: "A week, from Monday",
  month: "A calendar month",
  total: "All time",
};

const memberHints: { readonly [kind in QuotaMemberKind]: string } = {
  user: "As x-switchyard-user names them. Calls that name no user share one limit.",
  session: "As x-switchyard-session names them. Calls that name no session share one limit.",
};

function isAmount(text: string): boolean {
  try {
    return parseUsd(text.trim()) >= 0n;
  } catch {
    return false;
  }
}

export function BudgetForm({ budget, isPending, error, onSubmit }: BudgetFormProps) {
  const { organisationId } = useSession();
  const [name, setName] = useState(budget?.name ?? "");
  const [scope, setScope] = useState<Scope>(budget?.scope ?? { type: "organisation", id: organisationId });
  const [limitUsd, setLimitUsd] = useState(budget?.limitUsd ?? "");
  const [period, setPeriod] = useState<BudgetBody["period"]>(budget?.period ?? "month");
  const [timeZone, setTimeZone] = useState(budget?.timeZone ?? "UTC");
  const [mode, setMode] = useState<"hard" | "soft">(budget?.mode ?? "hard");
  const [whenShort, setWhenShort] = useState<"refuse" | "clamp">(budget?.whenShort ?? "refuse");
  const [thresholds, setThresholds] = useState((budget?.thresholdsPct ?? [50, 80, 100]).map(String));
  const [eachOf, setEachOf] = useState<QuotaMemberKind | null>(budget?.eachOf ?? null);
  const mayBeForEach = memberScopeTypes.some((type) => type === scope.type);
  const ofEach = mayBeForEach ? eachOf : null;
  const areThresholdsSound = thresholds.every(
    (text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 200,
  );
  const isComplete = name.trim() !== "" && scope.id !== "" && isAmount(limitUsd) && areThresholdsSound;
  const submit = () =>
    onSubmit({
      name: name.trim(),
      scope,
      limitUsd: limitUsd.trim(),
      period,
      timeZone,
      eachOf: ofEach,
      mode: ofEach === null ? mode : "hard",
      whenShort,
      thresholdsPct: thresholds.map(Number).toSorted((a, b) => a - b),
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) submit();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        {budget === null && <ScopeSelect scope={scope} onChange={setScope} types={quotaScopeTypes} />}
        {budget === null && mayBeForEach && (
          <Select
            label="The limit is for"
            description={ofEach === null ? null : memberHints[ofEach]}
            data={[
              { value: "all", label: "all of it together" },
              { value: "user", label: "each user" },
              { value: "session", label: "each session" },
            ]}
            value={eachOf ?? "all"}
            onChange={(value) => setEachOf(value === "user" || value === "session" ? value : null)}
            allowDeselect={false}
          />
        )}
        <Group grow align="flex-start">
          <TextInput
            label="Limit"
            leftSection="$"
            inputMode="decimal"
            value={limitUsd}
            onChange={(event) => setLimitUsd(event.currentTarget.value)}
            error={limitUsd === "" || isAmount(limitUsd) ? null : "An amount such as 250.00"}
            required
          />
          {budget === null && (
            <Select
              label="Per"
              data={budgetPeriods.map((value) => ({ value, label: periods[value] }))}
              value={period}
              onChange={(value) => value !== null && setPeriod(value as BudgetBody["period"])}
              allowDeselect={false}
            />
          )}
        </Group>
        {budget === null && period !== "total" && (
          <Select
            label="Time zone"
            description="In which the period begins."
            data={["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")]}
            value={timeZone}
            onChange={(zone) => zone !== null && setTimeZone(zone)}
            searchable
            allowDeselect={false}
          />
        )}
        {ofEach === null && (
          <div>
            <Text size="sm" fw={500} mb={4}>
              At the limit
            </Text>
            <SegmentedControl
              aria-label="At the limit"
              data={[
                { value: "hard", label: "Refuse calls" },
                { value: "soft", label: "Only alert" },
              ]}
              value={mode}
              onChange={(value) => setMode(value === "soft" ? "soft" : "hard")}
            />
          </div>
        )}
        {(mode === "hard" || ofEach !== null) && (
          <Select
            label="A call that may cost more than what is left"
            data={[
              { value: "refuse", label: "is refused" },
              { value: "clamp", label: "gets a shorter answer" },
            ]}
            value={whenShort}
            onChange={(value) => setWhenShort(value === "clamp" ? "clamp" : "refuse")}
            allowDeselect={false}
          />
        )}
        <TagsInput
          label="Alert at (% of the limit)"
          value={thresholds}
          onChange={setThresholds}
          error={areThresholdsSound ? null : "Whole numbers from 1 to 200"}
          maxTags={10}
        />
        {error && <Failure error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={!isComplete}>
            {budget === null ? "Set budget" : "Save"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
