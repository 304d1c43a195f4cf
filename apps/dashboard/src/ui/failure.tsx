import { Alert, Button, Group, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ControlPlaneError } from "../control-plane/call-operation.ts";

/** What went wrong, in the server's words, and a way on. */
export function Failure({ error, onRetry }: { error: Error; onRetry?: (() => void) | undefined }) {
  const problems = error instanceof ControlPlaneError ? error.problems : [];
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="This did not work" role="alert" maw={640}>
      <Text size="sm">{error.message}</Text>
      {problems.length > 0 && (
        <List size="sm" mt="xs">
          {problems.map((problem) => (
            <List.Item key={`${problem.path} ${problem.code}`}>
              <code>{problem.path}</code>: {problem.message}
            </List.Item>
          ))}
        </List>
      )}
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="light" color="red" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
