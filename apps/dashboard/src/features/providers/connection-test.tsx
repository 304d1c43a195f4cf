"use client";
import { Alert, Text } from "@mantine/core";
import type { ProviderConnection } from "@switchyard/api-contract/provider-connections";
import { usePermissions } from "../../session/session-gate.tsx";
import { Failure } from "../../ui/failure.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { showDuration } from "../../ui/quantities.ts";
import { Section } from "../../ui/section.tsx";
import { useTestConnection } from "./mutations.ts";

const shownModels = 12;

/** Asks the provider for its models with the stored credential and says what came back. */
export function ConnectionTest({ connection }: { connection: ProviderConnection }) {
  const test = useTestConnection();
  const { refusals } = usePermissions();
  return (
    <Section
      title="Test"
      description="Reads the provider's list of models with the stored credential. It costs nothing."
      actions={
        <GuardedButton
          size="xs"
          variant="default"
          refusal={refusals.policy}
          loading={test.isPending}
          onClick={() => test.mutate(connection.id)}
        >
          Test connection
        </GuardedButton>
      }
    >
      <div aria-live="polite">
        {test.error && <Failure error={test.error} />}
        {test.data && (
          <Alert color={test.data.ok ? "teal" : "red"} title={test.data.ok ? "It works" : "It does not work"}>
            <Text size="sm">
              {test.data.message}
              {test.data.latencyMs !== null && ` (${showDuration(test.data.latencyMs)})`}
            </Text>
            {test.data.models.length > 0 && (
              <Text size="xs" c="dimmed" mt={4}>
                {test.data.models.slice(0, shownModels).join(", ")}
                {test.data.models.length > shownModels && `, and ${test.data.models.length - shownModels} more`}
              </Text>
            )}
          </Alert>
        )}
      </div>
    </Section>
  );
}
