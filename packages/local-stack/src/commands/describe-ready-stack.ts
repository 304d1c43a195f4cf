/** What a newcomer needs once everything runs: where to look, how to get in, and a call that works as it is printed. */
import { relative } from "node:path";
import type { Stack } from "../stack.ts";

export async function describeReadyStack(stack: Stack, seconds: number): Promise<string> {
  const { firstRun, gatewayUrl, adminUrl } = stack;
  const lines = [
    "",
    `  Switchyard is ready after ${seconds.toFixed(1)} s`,
    "",
    `  Dashboard   ${adminUrl}`,
    ...(firstRun === null ? [] : [`    email     ${firstRun.adminEmail}`, `    password  ${firstRun.adminPassword}`]),
    `  Gateway     ${gatewayUrl}/v1`,
    ...(firstRun === null ? [] : [`    key       ${firstRun.virtualKey}`]),
    "",
    ...(firstRun === null ? describeLostSecrets(stack) : await describeCall(gatewayUrl, firstRun.virtualKey)),
    "",
    `  Everything is kept in ${displayPath(stack.home)}, logs in ${displayPath(stack.home)}/logs. Ctrl-C stops it all; the data stays.`,
    ...describeMovedDatabase(stack),
    "",
  ];
  return lines.join("\n");
}

function describeMovedDatabase({ home, databaseFolder }: Stack): string[] {
  if (databaseFolder === null || databaseFolder.startsWith(home)) return [];
  return [
    `  Only the database is in ${databaseFolder}: PostgreSQL does not run as root, and no other account may enter here.`,
  ];
}

function describeLostSecrets(stack: Stack): string[] {
  return [
    `  ${displayPath(stack.home)}/first-run.json is gone, and its secrets are shown once. Sign in with the password you know,`,
    "  or move the state folder away to start anew.",
  ];
}

async function describeCall(gatewayUrl: string, virtualKey: string): Promise<string[]> {
  const model = await findFirstModel(gatewayUrl, virtualKey);
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Say hello" }] });
  return [
    "  Try it:",
    "",
    `    curl ${gatewayUrl}/v1/chat/completions \\`,
    `      -H 'Authorization: Bearer ${virtualKey}' \\`,
    "      -H 'Content-Type: application/json' \\",
    `      -d '${body}'`,
  ];
}

async function findFirstModel(gatewayUrl: string, virtualKey: string): Promise<string> {
  const response = await fetch(`${gatewayUrl}/v1/models`, { headers: { authorization: `Bearer ${virtualKey}` } });
  const { data } = (await response.json()) as { data?: { id: string }[] };
  return data?.[0]?.id ?? "MODEL";
}

function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
