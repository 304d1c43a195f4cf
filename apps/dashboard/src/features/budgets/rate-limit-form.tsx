"use client";
import { Button, Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { rateLimitMeasures, type RateLimit, type Scope } from "@switchyard/api-contract/quotas";
import { quotaScopeTypes } from "@switchyard/metering/quota";
import { useState } from "react";
import { useSession } from "../../session/session-gate.tsx";
import { Failure } from "../../ui/failure.tsx";
import { useSetRateLimit, useUpdateRateLimit } from "./mutations.ts";
import { ScopeSelect } from "./scope-select.tsx";

type Measure = (typeof rateLimitMeasures)[number];

export const measureNames: { readonly [measure in Measure]: string } = {
  requests_per_minute: "requests a minute",
  tokens_per_minute: "tokens a minute",
  concurrent_requests: "calls at a time",
};

/** Null for a new one; measure and scope of a present one stay. */
export function RateLimitForm({ rateLimit, onDone }: { rateLimit: RateLimit | null; onDone: () => void }) {
  const { organisationId } = useSession();
  const [name, setName] = useState(rateLimit?.name ?? "");
  const [scope, setScope] = useState<Scope>(rateLimit?.scope ?? { type: "organisation", id: organisationId });
  const [measure, setMeasure] = useState<Measure>(rateLimit?.measure ?? "requests_per_minute");
  const [limit, setLimit] = useState<number | null>(rateLimit?.limit ?? null);
  const set = useSetRateLimit();
  const update = useUpdateRateLimit();
  const isComplete = name.trim() !== "" && scope.id !== "" && limit !== null;
  const error = set.error ?? update.error;
  const submit = () => {
    if (limit === null) return;
    if (rateLimit === null) set.mutate({ name: name.trim(), scope, measure, limit }, { onSuccess: onDone });
    else update.mutate({ id: rateLimit.id, name: name.trim(), limit }, { onSuccess: onDone });
  };
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
        {rateLimit === null && <ScopeSelect scope={scope} onChange={setScope} types={quotaScopeTypes} />}
        <Group grow align="flex-start">
          <NumberInput
            label="At most"
            min={0}
            max={1_000_000_000}
            allowDecimal={false}
            thousandSeparator=","
            value={limit ?? ""}
            onChange={(value) => setLimit(typeof value === "number" ? value : null)}
            required
          />
          <Select
            label="Of"
            data={rateLimitMeasures.map((value) => ({ value, label: measureNames[value] }))}
            value={measure}
            onChange={(value) => value !== null && setMeasure(value as Measure)}
            disabled={rateLimit !== null}
            allowDeselect={false}
          />
        </Group>
        {error && <Failure error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={set.isPending || update.isPending} disabled={!isComplete}>
            {rateLimit === null ? "Set limit" : "Save"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
