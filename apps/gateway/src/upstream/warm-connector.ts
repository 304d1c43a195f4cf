import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/** Servers close what has been idle for long; a socket is not kept until one of them does it just as a call goes out. */
const keptForMs = 20_000;

/** Dials for a pool, and can dial ahead: at most one connection lies ready, for the next call that would have dialled. */
export class WarmConnector {
  readonly #dial: buildConnector.connector;
  readonly #target: buildConnector.Options;
  #ready: Socket | null = null;
  #expiry: NodeJS.Timeout | undefined;
  #isDialling = false;
  #isClosed = false;

  /** `origin` as the pool has it. */
  constructor(dial: buildConnector.connector, origin: string) {
    this.#dial = dial;
    const { host, hostname, protocol, port } = new URL(origin);
    this.#target = { host, hostname: hostname.replace(/^\[|\]$/g, ""), protocol, port };
  }

  readonly connect: buildConnector.connector = (target, callback) => {
    const socket = this.#take();
    if (socket === null) return this.#dial(target, callback);
    // The pool counts on an answer that comes later.
    queueMicrotask(() => callback(null, socket));
  };

  /** Dials where nothing lies ready or is on its way. A failure is nobody's: the next call finds out for itself. */
  warm(): void {
    if (this.#isClosed || this.#isDialling || this.#ready !== null) return;
    this.#isDialling = true;
    this.#dial(this.#target, (error, socket) => {
      this.#isDialling = false;
      if (error !== null || socket === null) return;
      if (this.#isClosed) return void socket.destroy();
      this.#keep(socket);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#take()?.destroy();
  }

  #keep(socket: Socket): void {
    this.#ready = socket;
    socket.unref();
    socket.once("close", this.#drop);
    this.#expiry = setTimeout(() => this.#take()?.destroy(), keptForMs).unref();
  }

  #take(): Socket | null {
    const socket = this.#ready;
    if (socket === null) return null;
    this.#ready = null;
    clearTimeout(this.#expiry);
    socket.off("close", this.#drop);
    if (socket.destroyed || !socket.writable || socket.readableEnded) {
      socket.destroy();
      return null;
    }
    socket.ref();
    return socket;
  }

  readonly #drop = (): void => {
    this.#ready = null;
    clearTimeout(this.#expiry);
  };
}
