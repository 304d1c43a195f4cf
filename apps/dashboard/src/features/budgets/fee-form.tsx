"use client";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import type { GatewayFee, GatewayFeeScope } from "@switchyard/api-contract/gateway-fees";
import { gatewayFeeScopeTypes } from "@switchyard/metering/gateway-fee";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { useState } from "react";
import { useSession } from "../../session/session-gate.tsx";
import { Failure } from "../../ui/failure.tsx";
import { useSetFee } from "./mutations.ts";
import { ScopeSelect } from "./scope-select.tsx";

const percent = /^(?:100|\d{1,2}(?:\.\d{1,4})?)$/;

function isAmount(text: string): boolean {
  try {
    return parseUsd(text) >= 0n;
  } catch {
    return false;
  }
}

/** Null for a new one; the scope of a present one stays. */
export function FeeForm({ fee, onDone }: { fee: GatewayFee | null; onDone: () => void }) {
  const { organisationId } = useSession();
  const [scope, setScope] = useState<GatewayFeeScope>(fee?.scope ?? { type: "organisation", id: organisationId });
  const [perRequestUsd, setPerRequest] = useState(fee?.perRequestUsd ?? "0");
  const [percentOfCost, setPercent] = useState(fee?.percentOfCost ?? "0");
  const set = useSetFee();
  const isComplete = scope.id !== "" && isAmount(perRequestUsd) && percent.test(percentOfCost);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) set.mutate({ scope, perRequestUsd, percentOfCost }, { onSuccess: onDone });
      }}
    >
      <Stack>
        {fee === null && <ScopeSelect scope={scope} onChange={setScope} types={gatewayFeeScopeTypes} />}
        <Group grow align="flex-start">
          <TextInput
            label="For each request"
            leftSection="$"
            inputMode="decimal"
            value={perRequestUsd}
            onChange={(event) => setPerRequest(event.currentTarget.value.trim())}
            error={isAmount(perRequestUsd) ? null : "An amount such as 0.001"}
            data-autofocus
          />
          <TextInput
            label="Of the provider's cost"
            rightSection="%"
            inputMode="decimal"
            value={percentOfCost}
            onChange={(event) => setPercent(event.currentTarget.value.trim())}
            error={percent.test(percentOfCost) ? null : "0 to 100, such as 2.5"}
          />
        </Group>
        {set.error && <Failure error={set.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={set.isPending} disabled={!isComplete}>
            {fee === null ? "Set fee" : "Save"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
