import type { AddressPolicy } from "@switchyard/outbound/address-policy";
import { createGuardedConnector } from "@switchyard/outbound/guarded-connector";
import { Pool, type Dispatcher } from "undici";
import { WarmConnector } from "./warm-connector.ts";

/** Where a connection's calls go, taken apart once. */
export interface UpstreamAddress {
  readonly origin: string;
  /** Path of the base URL, without a slash at its end. */
  readonly basePath: string;
}

export type UpstreamMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface UpstreamRequest {
  readonly address: UpstreamAddress;
  readonly path: string;
  /** Absent: POST. */
  readonly method?: UpstreamMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly connectMs: number;
}

interface WarmPool {
  readonly pool: Pool;
  readonly connector: WarmConnector;
}

/** Splits a base URL. Throws TypeError for text that is not a URL. */
export function readUpstreamAddress(baseUrl: string): UpstreamAddress {
  const url = new URL(baseUrl);
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, "") };
}

/**
 * The one way out of this process: keep-alive connections per origin, addresses checked and pinned, no redirects, no
 * compression. Only endpoints of tokens are dialled elsewhere, in credentials/.
 */
export class UpstreamClient {
  readonly #isAllowed: AddressPolicy;
  readonly #pools = new Map<string, WarmPool>();

  constructor(isAllowed: AddressPolicy) {
    this.#isAllowed = isAllowed;
  }

  /** Sends; everything that happens next, failures included, is told to the handler. */
  send(request: UpstreamRequest, handler: Dispatcher.DispatchHandler): void {
    const { path, method = "POST", headers, body } = request;
    this.#poolOf(request).pool.dispatch({ method, path, headers, body, headersTimeout: 0, bodyTimeout: 0 }, handler);
  }

  /** Sees to it that the next call finds a connection: dials one ahead where none is free. At most one for each origin. */
  warm(address: UpstreamAddress, connectMs: number): void {
    const { pool, connector } = this.#poolOf({ address, connectMs });
    if (pool.stats.free === 0) connector.warm();
  }

  /** Lets go of origins that policy no longer names; calls under way on them end undisturbed. */
  keepOnly(origins: ReadonlySet<string>): void {
    for (const [key, { pool, connector }] of this.#pools) {
      if (origins.has(key.slice(0, key.lastIndexOf(" ")))) continue;
      this.#pools.delete(key);
      connector.close();
      void pool.close();
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    for (const { connector } of pools) connector.close();
    await Promise.all(pools.map(({ pool }) => pool.destroy()));
  }

  #poolOf({ address, connectMs }: Pick<UpstreamRequest, "address" | "connectMs">): WarmPool {
    const key = `${address.origin} ${connectMs}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const dial = createGuardedConnector({ isAllowed: this.#isAllowed, connectTimeoutMs: connectMs });
    const connector = new WarmConnector(dial, address.origin);
    const pool = new Pool(address.origin, {
      connect: connector.connect,
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 64 * 1024,
    });
    const warmPool = { pool, connector };
    this.#pools.set(key, warmPool);
    return warmPool;
  }
}
