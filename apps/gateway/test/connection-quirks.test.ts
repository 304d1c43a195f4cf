/** What an admin says of one server reaches it, and nothing else of its kind. */
import { APIError } from "openai";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    {
      name: "odd",
      targets: [
        {
          baseUrl: urlOf("odd"),
          quirks: {
            outputCapField: "max_completion_tokens",
            otherCapField: "renamed",
            developerRole: false,
            stopAsString: false,
            streamOptions: false,
            toolNames: "plain",
            parameters: { seed: "drop", logprobs: "reject", user: { rename: "end_user" } },
          },
        },
      ],
    },
    { name: "usual", targets: [{ baseUrl: urlOf("usual") }] },
  ]);
});

afterEach(() => rig.close());

const sentBody = (): Record<string, unknown> => {
  const [request] = rig.simulator.requests.newestFirst();
  return JSON.parse(String(request?.body)) as Record<string, unknown>;
};

const asked = {
  messages: [{ role: "developer" as const, content: "Be short." }, ...hello],
  max_tokens: 9,
  seed: 7,
  stop: "END",
  user: "someone",
};

it("spells a call as its server takes it, and warns of what was dropped", async () => {
  const { response } = await rig.client.chat.completions.create({ ...asked, model: "odd" }).withResponse();
  expect(response.headers.get("x-switchyard-warnings")).toBe("param=seed; action=dropped; provider=openai-compatible");
  const sent = sentBody();
  expect(sent).toMatchObject({ max_completion_tokens: 9, stop: ["END"], end_user: "someone" });
  expect(sent["messages"]).toMatchObject([{ role: "system", content: "Be short." }, ...hello]);
  for (const gone of ["max_tokens", "seed", "user"]) expect(sent).not.toHaveProperty(gone);
});

it("changes names of tools that its server would refuse, and no others", async () => {
  const tools = [{ type: "function" as const, function: { name: "harbour.tide", parameters: { type: "object" } } }];
  const nameSentBy = async (model: string): Promise<unknown> => {
    await rig.client.chat.completions.create({ ...asked, model, tools });
    return (sentBody()["tools"] as typeof tools)[0]?.function.name;
  };
  expect(await nameSentBy("usual")).toBe("harbour.tide");
  expect(await nameSentBy("odd")).toMatch(/^harbour_tide_[a-zA-Z0-9]{9}$/);
});

it("leaves out stream_options where the server sends usage unasked", async () => {
  const stream = await rig.client.chat.completions.create({ ...asked, model: "odd", stream: true });
  for await (const _chunk of stream) continue;
  expect(sentBody()).not.toHaveProperty("stream_options");
});

it("refuses what the quirks say that the server cannot do", async () => {
  const failure = await rig.client.chat.completions
    .create({ model: "odd", messages: hello, logprobs: true })
    .catch((error: unknown) => error);
  if (!(failure instanceof APIError)) throw failure;
  expect([failure.status, failure.code, failure.param]).toEqual([400, "unsupported_parameter", "logprobs"]);
});

it("leaves another connection of the same kind alone", async () => {
  await rig.client.chat.completions.create({ ...asked, model: "usual" });
  expect(sentBody()).toMatchObject({ ...asked, max_tokens: 9 });
});
