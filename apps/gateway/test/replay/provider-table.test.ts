/**
 * Every provider kind, every case, asked with the official SDK through the gateway. What is found is docs/providers.md:
 * a table that differs fails here, and `vitest -u` writes it anew.
 */
import { providerCodecs } from "@switchyard/providers/registry";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startInProcessGateway, type InProcessGateway } from "../harness/in-process-gateway.ts";
import { createPolicy } from "../harness/policy-fixture.ts";
import { openaiClient } from "./openai-client.ts";
import { providerCases, recordingFor, type ProviderCase } from "./provider-cases.ts";
import type { Client } from "./reading.ts";
import type { Recording } from "./recording.ts";
import { startReplayServer, type ReplayServer } from "./replay-server.ts";

interface Cell {
  readonly route: string;
  readonly kind: string;
  readonly asked: ProviderCase;
  readonly recording: Recording;
}

const kinds = providerCodecs.map(({ manifest }) => manifest);
const cells: readonly Cell[] = providerCodecs.flatMap((codec, row) => {
  const { kind } = codec.manifest;
  const path = codec.requestPath("chat", { model: "m", stream: false, basePath: "" });
  return providerCases.flatMap((asked, column) => {
    const recording = recordingFor(asked, kind, path.endsWith("/chat/completions"));
    const route = `cell-${row}-${column}`;
    return recording === null ? [] : [{ route, kind, asked, recording: { ...recording, id: route } }];
  });
});
let server: ReplayServer;
let gateway: InProcessGateway;
let client: Client;

beforeAll(async () => {
  server = await startReplayServer(cells.map(({ recording }) => recording));
  const policy = createPolicy({
    routes: cells.map(({ route, kind, recording }) => ({
      name: route,
      targets: [{ baseUrl: server.urlOf(recording), kind, providerModel: modelOf(kind), credential: "k" }],
    })),
  });
  gateway = await startInProcessGateway(policy);
  client = openaiClient(gateway.url, policy.keys["key"] ?? "");
});

afterAll(async () => {
  await gateway.close();
  await server.close();
});

/** Ids that the rules of models know, where a kind has any. */
function modelOf(kind: string): string {
  return (
    { anthropic: "claude-sonnet-4-5", "google-gemini": "gemini-2.5-flash", "google-vertex": "gemini-2.5-flash" }[
      kind
    ] ?? "m"
  );
}

async function find({ route, asked, recording }: Cell): Promise<string> {
  const reading = await client({ route, ...asked.question });
  if (reading.error?.code === "unsupported_parameter") return "refused";
  if (!asked.isRight(reading)) return `wrong: ${JSON.stringify(reading)}`;
  const isSent = asked.sends === undefined || server.lastRequest(recording)?.includes(asked.sends) === true;
  return isSent ? "yes" : "not sent";
}

it("is what docs/providers.md says", async () => {
  const rows: string[] = [];
  for (const { kind, displayName } of kinds) {
    const found: string[] = [];
    for (const asked of providerCases) {
      const cell = cells.find((candidate) => candidate.kind === kind && candidate.asked === asked);
      found.push(cell === undefined ? "not tried" : await find(cell));
    }
    rows.push(`| ${displayName} (\`${kind}\`) | ${found.join(" | ")} |`);
  }
  const table = [
    `| kind | ${providerCases.map(({ title }) => title).join(" | ")} |`,
    `|---|${providerCases.map(() => "---").join("|")}|`,
    ...rows,
  ];
  expect(table.filter((row) => /wrong|not sent/.test(row))).toEqual([]);
  await expect(`${introduction}\n${table.join("\n")}\n`).toMatchFileSnapshot("../../../../docs/providers.md");
});

const introduction = `# Providers

What works with each kind of provider, found by running the official OpenAI SDK through the gateway against recorded answers.
The table is written by \`apps/gateway/test/replay/provider-table.test.ts\`, which fails when it says anything else.

- *yes*: the SDK reads what the recording says: text, calls of tools, finish, refusal, or the error. For JSON schema and images,
  the provider was also sent them. Reasoning is shown, or at least counted.
- *refused*: the kind has nothing for it, and the gateway says so (\`unsupported_parameter\`) rather than drop what code depends on.
- *not tried*: no recording of it.
`;
