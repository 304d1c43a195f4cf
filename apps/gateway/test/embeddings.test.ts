/** The official OpenAI client asks for vectors of kinds that have an API of their own for them, at the simulator. */
import { APIError } from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";
import { startServiceAccount } from "./harness/service-account.ts";

let rig: GatewayAndProviders;
let account: Awaited<ReturnType<typeof startServiceAccount>>;

const subjects = [
  { kind: "cohere", providerModel: "embed-v4.0", surface: "/v2", dimensions: 256, texts: 2 },
  { kind: "google-gemini", providerModel: "gemini-embedding-001", surface: "/v1beta", dimensions: 128, texts: 2 },
  {
    kind: "google-vertex",
    providerModel: "text-embedding-005",
    surface: "/v1/projects/p/locations/l/publishers/google",
    dimensions: 128,
    texts: 2,
  },
  { kind: "aws-bedrock", providerModel: "amazon.titan-embed-text-v2:0", surface: "", dimensions: 256, texts: 1 },
  { kind: "aws-bedrock", providerModel: "eu.cohere.embed-v4:0", surface: "", dimensions: 256, texts: 2 },
];

beforeAll(async () => {
  account = await startServiceAccount();
});

afterAll(() => account.close());

function credentialOf(kind: string): string {
  return kind === "google-vertex" ? account.credential : "test-key";
}

describe.each(subjects)("$kind with $providerModel", ({ kind, providerModel, surface, dimensions, texts }) => {
  const input = ["harbour", "a lighthouse by the sea"].slice(0, texts);

  beforeEach(async () => {
    rig = await startGatewayAndProviders((urlOf) => [
      {
        name: "vectors",
        operations: ["embeddings"],
        targets: [
          { kind, providerModel, credential: credentialOf(kind), baseUrl: urlOf("any").replace(/\/v1$/, surface) },
        ],
      },
    ]);
  });

  afterEach(() => rig.close());

  it("embeds every text, as numbers and in base64, and settles what was billed", async () => {
    const asked = { model: "vectors", input, dimensions };
    // The client asks for base64 by itself, and decodes it.
    const packed = await rig.client.embeddings.create(asked);
    const plain = await rig.client.embeddings.create({ ...asked, encoding_format: "float" });
    expect(packed.data.map(({ index, embedding }) => [index, embedding.length])).toEqual(
      input.map((_, index) => [index, dimensions]),
    );
    expect(packed.data.map(({ embedding }) => embedding)).toEqual(
      plain.data.map(({ embedding }) => [...Float32Array.from(embedding)]),
    );
    const billed = rig.simulator.ledger.entries({}, 2).map(({ tokens }) => ({ input: tokens.input }));
    expect(rig.gateway.settled.map(({ outcome }) => outcome.usage)).toEqual(billed);
    expect(plain.usage).toEqual({ prompt_tokens: billed[0]?.input, total_tokens: billed[0]?.input });
    expect(rig.gateway.settled).toMatchObject([{ outcome: { usageSource: "provider_final" } }, {}]);
  });

  it("refuses numbers of tokens, which belong to another model", async () => {
    const failure: unknown = await rig.client.embeddings
      .create({ model: "vectors", input: [1, 2, 3] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status: 400, code: "unsupported_parameter", param: "input" });
    expect(rig.simulator.ledger.entries({}, 1)).toEqual([]);
  });

  it("fails as its provider does", async () => {
    rig.simulator.behaviours.set("*", "*", { errorStatus: 429 });
    await expect(rig.client.embeddings.create({ model: "vectors", input: input[0] ?? "" })).rejects.toMatchObject({
      status: 429,
      code: "upstream_rate_limited",
    });
  });
});

describe("where a model takes less than was sent", () => {
  it.each([
    ["google-vertex", "gemini-embedding-001"],
    ["aws-bedrock", "amazon.titan-embed-text-v2:0"],
    ["aws-bedrock", "amazon.nova-pro-v1:0"],
  ])("%s says so for %s before anything is sent", async (kind, providerModel) => {
    rig = await startGatewayAndProviders((urlOf) => [
      {
        name: "vectors",
        operations: ["embeddings"],
        targets: [{ kind, providerModel, credential: credentialOf(kind), baseUrl: urlOf("any") }],
      },
    ]);
    await expect(rig.client.embeddings.create({ model: "vectors", input: ["a", "b"] })).rejects.toMatchObject({
      status: 400,
      code: "unsupported_parameter",
    });
    expect(rig.simulator.ledger.entries({}, 1)).toEqual([]);
    await rig.close();
  });
});
