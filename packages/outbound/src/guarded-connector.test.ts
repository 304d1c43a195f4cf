import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client } from "undici";
import { createAddressPolicy } from "./address-policy.ts";
import { createGuardedConnector } from "./guarded-connector.ts";

let server: Server;
let port: number;
let hits = 0;

beforeAll(async () => {
  server = createServer((_request, response) => {
    hits += 1;
    response.end("reached");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => server.close());

async function call(host: string, allowLoopback: boolean): Promise<string> {
  const isAllowed = createAddressPolicy({ allowLoopback, allowedRanges: [] });
  const client = new Client(`http://${host}:${port}`, {
    connect: createGuardedConnector({ isAllowed, connectTimeoutMs: 2_000 }),
  });
  try {
    const response = await client.request({ method: "GET", path: "/" });
    return await response.body.text();
  } finally {
    await client.destroy();
  }
}

describe("guarded connector", () => {
  it("dials an allowed address", async () => {
    expect(await call("127.0.0.1", true)).toBe("reached");
  });

  it.each(["127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"])(
    "sends nothing to the refused %s",
    async (host) => {
      const before = hits;
      await expect(call(host, false)).rejects.toMatchObject({ code: "BLOCKED_ADDRESS" });
      expect(hits).toBe(before);
    },
  );
});
