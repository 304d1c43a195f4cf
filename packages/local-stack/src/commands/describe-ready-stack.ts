/** What a newcomer needs once everything runs: where to look, how to get in, and a call that works as it is printed. */
import { relative } from "node:path";
import type { Stack } from "../stack.ts";
import type { FirstRun } from "../stack/first-run.ts";

export function describeReadyStack(stack: Stack, seconds: number): string {
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
    ...(firstRun === null ? describeLostSecrets(stack) : describeCall(gatewayUrl, firstRun)),
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

function describeCall(gatewayUrl: string, { virtualKey, sampleModel }: FirstRun): string[] {
  const body = JSON.stringify({
    model: sampleModel ?? "your-route",
    messages: [{ role: "user", content: "Say hello" }],
  });
  return [
    "  Try it:",
    "",
    `    curl ${gatewayUrl}/v1/chat/completions \\`,
    `      -H 'Authorization: Bearer ${virtualKey}' \\`,
    "      -H 'Content-Type: application/json' \\",
    `      -d '${body}'`,
  ];
}

function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
