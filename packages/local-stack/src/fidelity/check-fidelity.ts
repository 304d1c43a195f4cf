import { randomBytes } from "node:crypto";
import type { Answer, Headers, Leg, SentRequest } from "@switchyard/fidelity/exchange";
import type { CaseReport, FidelityReport } from "@switchyard/fidelity/report";
import { type FidelityWays, runSuite } from "@switchyard/fidelity/run-suite";
import { decodeBody } from "@switchyard/fidelity/decode-body";
import { suitesOfKind } from "@switchyard/fidelity/suites/registry";
import type { AdminClient } from "../demo/admin-client.ts";
import { OperatorError } from "../operator-error.ts";
import type { FidelityProvider } from "./fidelity-subject.ts";
import { RecordingForwarder } from "./recording-forwarder.ts";
import { directCredential, openSimulatedAccount } from "./service-account.ts";

interface Named {
  readonly id: string;
}

export interface FidelitySite {
  readonly gatewayUrl: string;
  readonly admin: AdminClient;
}

const publicationTimeoutMs = 15_000;
const answerTimeoutMs = 180_000;

/** Connects the provider to a Switchyard made for this, with a recording forwarder between them, and runs the suite. */
export async function checkFidelity(
  site: FidelitySite,
  provider: FidelityProvider,
  model: string,
  onCase: (report: CaseReport) => void,
): Promise<FidelityReport> {
  const suites = suitesOfKind(provider.kind);
  if (suites.length === 0) throw new OperatorError(`There are no cases to check fidelity by for ${provider.kind}.`);
  const route = `fidelity-${randomBytes(4).toString("hex")}`;
  const account = provider.credential === null ? await openSimulatedAccount() : null;
  const credential = account?.credential ?? provider.credential ?? "";
  const forwarder = await RecordingForwarder.open(provider.baseUrl);
  try {
    const direct = await directCredential(credential);
    const connection = { kind: provider.kind, baseUrl: forwarder.urlFor("gateway"), credential };
    const key = await publishRoute(site, route, connection, model);
    await waitUntilCallable(site.gatewayUrl, route, key);
    const ways: FidelityWays = {
      direct: (request, suite) =>
        call(forwarder, "direct", forwarder.urlFor("direct"), request, suite.providerCredential(direct, provider.kind)),
      throughGateway: (request, suite) =>
        call(forwarder, "gateway", site.gatewayUrl, request, suite.gatewayCredential(key)),
    };
    return await runSuite({ suites, model, baseUrl: provider.baseUrl, route }, ways, onCase);
  } finally {
    forwarder.close();
    account?.close();
  }
}

async function call(
  forwarder: RecordingForwarder,
  caller: string,
  url: string,
  request: SentRequest,
  credential: Headers,
): Promise<Leg> {
  const response = await fetch(url + request.path, {
    method: "POST",
    headers: { ...request.headers, ...credential },
    body: request.body,
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  const contentType = response.headers.get("content-type") ?? "";
  const answer: Answer = {
    status: response.status,
    contentType,
    body: decodeBody(contentType, await readBytes(response)),
  };
  // The gateway may have tried more than once: the answer is that of the last attempt.
  const recorded = forwarder.take(caller).at(-1);
  return { answer, received: recorded?.received ?? null, provided: recorded?.provided ?? null };
}

/** What came until the connection broke is an answer too. */
async function readBytes(response: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of response.body ?? []) pieces.push(piece);
  } catch (error) {
    pieces.push(Buffer.from(`\n\n: broken off: ${(error as Error).message}`));
  }
  return Buffer.concat(pieces);
}

/** A route that leads to this model at this provider alone, and a key for it. */
async function publishRoute(
  { admin }: FidelitySite,
  route: string,
  provider: { readonly kind: string; readonly baseUrl: string; readonly credential: string },
  model: string,
): Promise<string> {
  const team = await admin.post<Named>("/api/teams", { name: route });
  const project = await admin.post<Named>("/api/projects", { teamId: team.id, name: route });
  const connection = await admin.post<Named>("/api/provider-connections", { name: route, ...provider });
  const modelId = await findOrAddModel(admin, provider.kind, model);
  await admin.post("/api/routes", {
    name: route,
    targets: [{ connectionId: connection.id, modelId, weight: 1 }],
    maxAttempts: 1,
  });
  const issued = await admin.post<{ token: string }>("/api/virtual-keys", { projectId: project.id, name: route });
  return issued.token;
}

async function findOrAddModel(admin: AdminClient, providerKind: string, providerModel: string): Promise<string> {
  const query = `providerKind=${encodeURIComponent(providerKind)}&search=${encodeURIComponent(providerModel)}`;
  const known = await admin.list<Named & { providerModel: string }>(`/api/models?${query}`);
  const model = known.find((candidate) => candidate.providerModel === providerModel);
  if (model !== undefined) return model.id;
  const capabilities = { operations: ["chat"], tools: true, vision: true, jsonSchema: true, streaming: true };
  return (await admin.post<Named>("/api/models", { providerKind, providerModel, capabilities })).id;
}

async function waitUntilCallable(gatewayUrl: string, route: string, key: string): Promise<void> {
  const deadline = performance.now() + publicationTimeoutMs;
  while (performance.now() < deadline) {
    const response = await fetch(`${gatewayUrl}/v1/models/${route}`, { headers: { authorization: `Bearer ${key}` } });
    await response.body?.cancel();
    if (response.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the gateway does not know the route");
}
