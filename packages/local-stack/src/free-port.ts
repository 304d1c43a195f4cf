/** Ports for processes that tests start. */
import { createServer } from "node:net";

/** Below the range from which operating systems take the local ports of outgoing connections. */
const firstPort = 20_000;
const portCount = 12_000;

/** Returns a port of 127.0.0.1 that nobody listens on. It is not reserved, so use it soon. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = firstPort + Math.floor(Math.random() * portCount);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no free port between ${firstPort} and ${firstPort + portCount}`);
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  return await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
