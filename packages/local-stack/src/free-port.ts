/** Ports for processes that tests start. */
import { createServer } from "node:net";

/** Below the range from which operating systems take the local ports of outgoing connections. */
const firstPort = 20_000;
const portsOfProcess = 200;
/** Processes that are started one after the other never choose the same port before either of them listens. */
const ownFirstPort = firstPort + (process.pid % 60) * portsOfProcess;

/** Returns a port of 127.0.0.1 that nobody listens on. It is not reserved, so use it soon. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = ownFirstPort + Math.floor(Math.random() * portsOfProcess);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no free port between ${ownFirstPort} and ${ownFirstPort + portsOfProcess}`);
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export async function isPortFree(port: number): Promise<boolean> {
  const probe = createServer();
  return await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
