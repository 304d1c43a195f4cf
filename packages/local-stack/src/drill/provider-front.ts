import { connect, createServer, type Server, type Socket } from "node:net";

/** An address in front of a provider that can stop listening, which a provider simulated by a path cannot. */
export class ProviderFront {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #port: number;

  private constructor(server: Server, sockets: Set<Socket>, port: number) {
    this.#server = server;
    this.#sockets = sockets;
    this.#port = port;
  }

  /** Listens on a free port of 127.0.0.1 and passes every connection on to `target`. */
  static async open(target: string): Promise<ProviderFront> {
    const { hostname, port } = new URL(target);
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const provider = connect(Number(port), hostname);
      for (const [socket, other] of [
        [client, provider],
        [provider, client],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the front has no port");
    return new ProviderFront(server, sockets, address.port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** From now on connections are refused, and those that are open end. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
