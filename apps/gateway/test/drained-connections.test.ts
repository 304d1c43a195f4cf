import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders(
    (urlOf) => [
      { name: "chat", targets: [{ baseUrl: urlOf("first") }], fallbacks: ["spare"] },
      { name: "spare", targets: [{ baseUrl: urlOf("second") }] },
    ],
    { keys: [{ name: "key", passthroughConnections: ["con_chat_0"] }] },
  );
});

afterEach(() => rig.close());

function drain(...connectionIds: readonly string[]): void {
  const { revision } = rig.policy;
  const connections = revision.connections.map((each) =>
    connectionIds.includes(each.connectionId) ? { ...each, drained: true } : each,
  );
  rig.gateway.publish({ ...revision, connections });
}

const call = () => rig.send("/v1/chat/completions", JSON.stringify({ model: "chat", messages: hello }));

const heldAt = () => rig.gateway.held.map(({ connectionId }) => connectionId);

describe("a drained connection", () => {
  it("gets no new call, and says so; a call under way ends on it; back in service it serves again", async () => {
    rig.simulator.behaviours.set("first", "*", { firstByteDelayMs: 300 });
    const underWay = call();
    await expect.poll(heldAt).toEqual(["con_chat_0"]);
    drain("con_chat_0");
    const next = await call();
    expect([next.status, next.headers.get("x-switchyard-attempts")]).toEqual([200, "1"]);
    expect(heldAt()).toEqual(["con_chat_0", "con_spare_0"]);
    expect(rig.gateway.requests[0]?.because[0]).toEqual({
      code: "connection_drained",
      text: "Passed over con_chat_0 / simulated-model: an admin is draining its connection.",
    });
    expect((await underWay).status).toBe(200);
    drain();
    expect((await call()).status).toBe(200);
    expect(heldAt().at(-1)).toBe("con_chat_0");
  });

  it("leaves a route without any other refused, and is no way through for calls as they are", async () => {
    drain("con_chat_0", "con_spare_0");
    const refused = await call();
    const { error } = (await refused.json()) as { error: object };
    expect([refused.status, error]).toMatchObject([
      503,
      {
        code: "no_target_available",
        message: "An admin is draining every connection of this route that could answer.",
      },
    ]);
    expect(rig.gateway.requests.at(-1)?.because.map(({ code }) => code)).toContain("connection_drained");
    const asItIs = await rig.send("/passthrough/con_chat_0/v1/chat/completions", "{}");
    expect([asItIs.status, await asItIs.text()]).toEqual([503, expect.stringContaining("is draining this connection")]);
    expect(heldAt()).toEqual([]);
  });
});
