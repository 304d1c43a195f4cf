/**
 * Every provider kind, every case, asked with every SDK through one gateway. What is found is docs/providers.md: a table
 * that differs fails here, and `vitest -u` writes it anew.
 */
import { providerCodecs } from "@switchyard/providers/registry";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startInProcessGateway, type InProcessGateway } from "../harness/in-process-gateway.ts";
import { createPolicy } from "../harness/policy-fixture.ts";
import { aiSdkChat, aiSdkMessages } from "./ai-sdk-client.ts";
import { anthropicClient, countTokens } from "./anthropic-client.ts";
import { openaiClient } from "./openai-client.ts";
import { providerCases, recordingFor, type ProviderCase } from "./provider-cases.ts";
import type { Client } from "./reading.ts";
import type { Recording } from "./recording.ts";
import { responsesClient } from "./responses-client.ts";
import { startReplayServer, type ReplayServer } from "./replay-server.ts";

const overResponses = "OpenAI SDK over Responses";
const sdks = {
  "OpenAI SDK": openaiClient,
  [overResponses]: responsesClient,
  "Anthropic SDK": anthropicClient,
  "AI SDK": aiSdkChat,
  "AI SDK over Messages": aiSdkMessages,
};

/** A route for each question, since a connection that failed is left alone for a while. */
interface Answer {
  readonly sdk: keyof typeof sdks;
  readonly route: string;
  readonly recording: Recording;
}

interface Cell {
  readonly kind: string;
  readonly asked: ProviderCase;
  readonly isOwn: boolean;
  readonly answers: readonly Answer[];
}

const notInProtocol = "not in its protocol";
const kinds = providerCodecs.map(({ manifest }) => manifest);
const cells: readonly Cell[] = providerCodecs.flatMap((codec, row) => {
  const { kind } = codec.manifest;
  const path = codec.requestPath("chat", { model: "m", stream: false, basePath: "" });
  return providerCases.flatMap((asked, column) => {
    const speaksOpenAi = path.endsWith("/chat/completions");
    const recording = asked.unknownTo?.includes(kind) === true ? null : recordingFor(asked, kind, speaksOpenAi);
    if (recording === null) return [];
    const ofResponses = codec.natives?.["openai-responses"] && recordingFor(asked, kind, speaksOpenAi, "responses-");
    const answers = (Object.keys(sdks) as (keyof typeof sdks)[]).map((sdk, number): Answer => {
      const route = `cell-${row}-${column}-${number}`;
      const given = (sdk === overResponses ? ofResponses : null) ?? recording;
      return { sdk, route, recording: { ...given, id: route } };
    });
    return [{ kind, asked, isOwn: recording.kind === kind, answers }];
  });
});
let server: ReplayServer;
let gateway: InProcessGateway;
let key: string;
let clients: Readonly<Record<keyof typeof sdks, Client>>;

beforeAll(async () => {
  server = await startReplayServer(cells.flatMap(({ answers }) => answers.map(({ recording }) => recording)));
  const policy = createPolicy({
    routes: cells.flatMap(({ kind, answers }) =>
      answers.map(({ route, recording }) => ({
        name: route,
        targets: [
          {
            baseUrl: server.urlOf(recording),
            kind,
            providerModel: modelOf(kind),
            credential: server.credentialOf(kind),
          },
        ],
      })),
    ),
  });
  gateway = await startInProcessGateway(policy);
  key = policy.keys["key"] ?? "";
  clients = Object.fromEntries(
    Object.entries(sdks).map(([sdk, create]) => [sdk, create(gateway.url, key)]),
  ) as typeof clients;
});

afterAll(async () => {
  await gateway.close();
  await server.close();
});

/** Ids that the rules of models know, where a kind has any. */
function modelOf(kind: string): string {
  const known: { readonly [kind: string]: string } = {
    anthropic: "claude-sonnet-4-5",
    "google-gemini": "gemini-2.5-flash",
    "google-vertex": "gemini-2.5-flash",
    "aws-bedrock": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
  };
  return known[kind] ?? "m";
}

async function find({ kind, asked, isOwn, answers }: Cell): Promise<string> {
  const found = await Promise.all(answers.map((answer) => findBySdk(asked, answer)));
  const [first] = found;
  const isSame = found.every((finding) => finding === first);
  if (!isSame || first === undefined) return `wrong for ${kind}: ${found.join(", ")}`;
  return first === "yes" && !isOwn ? "yes °" : first;
}

async function findBySdk(asked: ProviderCase, { sdk, route, recording }: Answer): Promise<string> {
  const reading = await clients[sdk]({ route, ...asked.question });
  const sent = server.lastRequest(recording);
  // One of the SDKs keeps no code: what was refused was not sent either.
  if (sent === undefined && reading.error?.status === 400) return "refused";
  if (!asked.isRight(reading)) return `${sdk}: wrong: ${JSON.stringify(reading)}`;
  return asked.sends === undefined || sent?.includes(asked.sends) === true ? "yes" : `${sdk}: not sent`;
}

async function findCount(kind: string): Promise<string> {
  const route = cells.find((cell) => cell.kind === kind)?.answers[0]?.route ?? "";
  const tokens = await countTokens(gateway.url, key, route);
  const isAsked = providerCodecs.some(
    ({ manifest, natives }) => manifest.kind === kind && natives?.["anthropic-messages"]?.tokenCountPath,
  );
  return tokens > 0 ? (isAsked ? "yes" : "estimated") : `wrong: ${tokens}`;
}

/** Over a thousand calls: seconds of work, which a busy machine takes longer for. */
const patienceMs = 240_000;

it("is what docs/providers.md says", { timeout: patienceMs }, async () => {
  const rows: string[] = [];
  // One after the other, so that nothing waits for long enough to be given up.
  for (const { kind, displayName } of kinds) {
    const found: string[] = [];
    for (const asked of providerCases) {
      const cell = cells.find((candidate) => candidate.kind === kind && candidate.asked === asked);
      const otherwise = asked.unknownTo?.includes(kind) === true ? notInProtocol : "not tried";
      found.push(cell === undefined ? otherwise : await find(cell));
    }
    found.push(await findCount(kind));
    rows.push(`| ${displayName} (\`${kind}\`) | ${found.join(" | ")} |`);
  }
  const titles = [...providerCases.map(({ title }) => title), "count tokens"];
  const table = [`| kind | ${titles.join(" | ")} |`, `|---|${titles.map(() => "---").join("|")}|`, ...rows];
  expect(table.filter((row) => /wrong|not sent/.test(row))).toEqual([]);
  await expect(`${introduction}\n${table.join("\n")}\n`).toMatchFileSnapshot("../../../../docs/providers.md");
});

const introduction = `# Providers

What works with each kind of provider, found by running official SDKs through the gateway against recorded answers: each cell is
asked five times, with the OpenAI SDK over chat completions and over Responses, with the Anthropic SDK, and with the AI SDK as
\`@ai-sdk/openai-compatible\` and as \`@ai-sdk/anthropic\`. They have to agree. The table is written by
\`apps/gateway/test/replay/provider-table.test.ts\`, which fails when it says anything else. A recording is a body in the form in which
the kind's servers write it, made after their public documents and SDKs; what a real account answers is for \`npm run fidelity\` to say.

- *yes*: every SDK reads what the recording says: text, calls of tools, finish, refusal, or the error. For JSON schema and images,
  the provider was also sent them. Reasoning is shown, or at least counted.
- *yes °*: the same, but there is no recording of this kind for it: a recording of another kind of the same protocol was used.
- *refused*: the kind has nothing for it, and the gateway says so (\`unsupported_parameter\`) rather than drop what code depends on.
- *not in its protocol*: the kind's answers have no way to say it.
- *estimated*: \`count_tokens\` of the Anthropic SDK; where the kind has no way to ask, the gateway counts, and says so in a warning.
`;
