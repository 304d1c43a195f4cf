import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How often connections that have become idle are closed while the port is shut. */
const SWEEP_INTERVAL_MS = 20;

/** A port that a server listens on. It can be shut, so that connecting to it is refused, and opened again on the same number. */
export class Listener {
  readonly #server: Server;
  readonly #host: string;
  #port = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor(server: Server, host: string) {
    this.#server = server;
    this.#host = host;
  }

  get isAccepting(): boolean {
    return this.#server.listening;
  }

  /** The port in use, or the one that will be used again. */
  get port(): number {
    return this.#port;
  }

  /** Opens the port; 0 picks a free one. Without a number, opens the port that was used before. */
  async open(port: number = this.#port): Promise<void> {
    if (this.isAccepting) return;
    clearInterval(this.#sweep);
    this.#server.listen(port, this.#host);
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening and closes idle connections at once. Calls under way go on; their connections close after them. */
  async shut(): Promise<void> {
    if (!this.isAccepting) return;
    this.#server.close();
    this.#sweep = setInterval(() => this.#server.closeIdleConnections(), SWEEP_INTERVAL_MS);
  }

  /** Stops listening and closes every connection, whatever it is doing. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    const closed = this.isAccepting ? once(this.#server.close(), "close") : undefined;
    this.#server.closeAllConnections();
    await closed;
  }
}
