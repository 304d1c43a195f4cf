import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkPorts, findFreePorts, readPorts } from "./ports.ts";

describe("readPorts", () => {
  it("takes the standard ports unless told otherwise", () => {
    expect(readPorts({ GATEWAY_PORT: "18080", ADMIN_PORT: "" })).toEqual({
      gateway: 18_080,
      admin: 3000,
      simulator: 9090,
      worker: 8082,
      database: 5440,
    });
  });

  it.each(["0", "65536", "80.5", "http"])("refuses %s and names the variable", (text) => {
    expect(() => readPorts({ WORKER_PORT: text })).toThrow(`WORKER_PORT=${text} is not a port`);
  });
});

describe("checkPorts", () => {
  it("passes when all are free", async () => {
    await expect(checkPorts(await findFreePorts(), ["gateway", "admin", "database"])).resolves.toBeUndefined();
  });

  it("gives one line for every port that is taken, and only for parts that will run", async () => {
    const ports = await findFreePorts();
    for (const port of [ports.gateway, ports.admin, ports.worker]) {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
      onTestFinished(() => void server.close());
    }
    const error = await checkPorts(ports, ["gateway", "admin", "simulator"]).catch((thrown: Error) => thrown);
    expect((error as Error).message.split("\n")).toEqual([
      expect.stringContaining(`Port ${ports.gateway} (gateway) is in use`),
      expect.stringContaining(`ADMIN_PORT=${ports.admin + 1} npm start`),
    ]);
  });

  it("notices one port chosen twice", async () => {
    const ports = { ...(await findFreePorts()), gateway: 20_001, admin: 20_001 };
    await expect(checkPorts(ports, ["gateway", "admin"])).rejects.toThrow("both GATEWAY_PORT and ADMIN_PORT");
  });
});
