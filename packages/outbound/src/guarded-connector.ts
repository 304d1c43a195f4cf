/**
 * The one way out of a Switchyard process: every host is resolved here, every address is judged, and the judged address
 * is the one that is dialled. Redirects are not this layer's business because nothing built on it follows any.
 */
import { lookup as resolveHost, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { buildConnector } from "undici";
import type { AddressPolicy } from "./address-policy.ts";

/** The host resolves to an address that policy refuses; nothing was sent. */
export class BlockedAddressError extends Error {
  readonly code = "BLOCKED_ADDRESS";

  constructor(host: string) {
    super(`${host} resolves to an address that this deployment does not allow`);
    this.name = "BlockedAddressError";
  }
}

export interface GuardedConnectorOptions {
  readonly isAllowed: AddressPolicy;
  readonly connectTimeoutMs: number;
}

/** An undici connector (`new Pool(origin, { connect })`) that dials allowed addresses only. */
export function createGuardedConnector(options: GuardedConnectorOptions): buildConnector.connector {
  // HTTP/1.1 only: a connector of its own decides the protocol, whatever the pool above it is told.
  const connect = buildConnector({
    allowH2: false,
    timeout: options.connectTimeoutMs,
    lookup: guardedLookup(options.isAllowed),
  });
  return (target, callback) => {
    // A literal address is never looked up, so it is judged here.
    const host = target.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !options.isAllowed(host)) {
      callback(new BlockedAddressError(host), null);
      return;
    }
    connect(target, callback);
  };
}

function guardedLookup(isAllowed: AddressPolicy): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    resolveHost(hostname, { ...lookupOptions, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) {
        callback(error, "", 0);
        return;
      }
      // One refused address refuses the name: a mixed answer is how a rebinding attack looks.
      const first = addresses[0];
      if (!first || addresses.some(({ address }) => !isAllowed(address))) {
        callback(new BlockedAddressError(hostname), "", 0);
        return;
      }
      if (lookupOptions.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
