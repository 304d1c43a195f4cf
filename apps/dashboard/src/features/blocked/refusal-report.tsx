import { Alert, Anchor, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import type { Refusal } from "@switchyard/api-contract/requests";
import Link from "next/link";
import { CopyText } from "../../ui/copy-text.tsx";
import { Facts } from "../../ui/facts.tsx";
import { showCount, showExactUsd, showInstant } from "../../ui/quantities.ts";
import { StateLabel } from "../../ui/state-label.tsx";

type Quota = NonNullable<Refusal["quota"]>;

/** Which budget or limit it was, how it stood then and stands now, and who may change it. */
export function RefusalReport({ refusal }: { refusal: Refusal }) {
  const { quota, because } = refusal;
  return (
    <Paper withBorder p="md" component="section" aria-label="Why it was blocked">
      <Stack gap="md">
        <Group justify="space-between" gap="xs">
          <CopyText text={refusal.requestId} label="request id" />
          <StateLabel tone={refusal.status < 400 ? "good" : "bad"}>
            {refusal.status} {refusal.errorCode ?? ""}
          </StateLabel>
        </Group>
        <Title order={2} size="h4">
          {headline(refusal)}
        </Title>
        {quota !== null && <ThenAndNow quota={quota} />}
        {quota === null && because.length > 0 && (
          <List size="sm">
            {because.map((text, index) => (
              <List.Item key={`${index} ${text}`}>{text}</List.Item>
            ))}
          </List>
        )}
        <Facts facts={factsOf(refusal)} />
        {refusal.status >= 400 && <WhoMayChange refusal={refusal} />}
      </Stack>
    </Paper>
  );
}

function headline({ status, quota }: Refusal): string {
  if (status < 400) return "This call was not blocked.";
  if (quota === null) return "No budget and no limit refused this call.";
  const what = quota.kind === "budget" ? "budget" : "limit";
  if (quota.why === "unavailable") return `The ${what} “${quota.name}” could not be checked, and must not be guessed.`;
  return `The ${what} “${quota.name}” refused it.`;
}

function ThenAndNow({ quota }: { quota: Quota }) {
  const show = (amount: string) => (quota.unit === "pico_usd" ? showExactUsd(amount) : showCount(BigInt(amount)));
  const { atRefusal, now } = quota;
  return (
    <>
      <Facts
        facts={[
          { name: "The call needed up to", value: show(atRefusal.needed) },
          { name: "Left at that moment", value: show(atRefusal.remaining) },
          { name: "Limit at that moment", value: show(atRefusal.limit) },
          { name: "Resets", value: atRefusal.resetsAt === null ? "never" : showInstant(atRefusal.resetsAt) },
          { name: "Left now", value: now === null ? "–" : show(now.remaining) },
          { name: "Limit now", value: now === null ? "lifted" : show(now.limit) },
        ]}
      />
      <Alert color={now === null || now.wouldFit ? "green" : "yellow"} p="xs">
        {now === null
          ? "It has been lifted since: the same call would go through."
          : now.wouldFit
            ? "The same call would fit now."
            : "The same call would be refused again now."}
      </Alert>
    </>
  );
}

function factsOf({ at, teamName, projectName, keyName, user, session, routeName }: Refusal) {
  return [
    { name: "When", value: <time dateTime={at}>{showInstant(at)}</time> },
    { name: "Team and project", value: `${teamName} / ${projectName}` },
    { name: "Virtual key", value: keyName },
    { name: "Route", value: routeName ?? "none" },
    ...(user === null ? [] : [{ name: "User", value: user }]),
    ...(session === null ? [] : [{ name: "Session", value: session }]),
  ];
}

function WhoMayChange({ refusal: { requestId, quota, mayChange } }: { refusal: Refusal }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {quota?.kind === "budget" ? "Who may raise it" : "Who may change that"}
      </Text>
      <Text size="sm">
        {mayChange.map(({ name, email, role }) => `${name} <${email}> (${role})`).join(", ") ||
          "Nobody has a role that may."}
      </Text>
      <Group gap="md" mt={6}>
        {quota !== null && (
          <Anchor component={Link} size="sm" href={`/budgets?view=${quota.kind === "budget" ? "scopes" : "limits"}`}>
            {quota.kind === "budget" ? "Open the budgets" : "Open the rate limits"}
          </Anchor>
        )}
        <Anchor component={Link} size="sm" href={`/requests?request=${requestId}`}>
          Open the request
        </Anchor>
      </Group>
    </div>
  );
}
