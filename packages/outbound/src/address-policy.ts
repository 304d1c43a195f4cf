/**
 * Which addresses this process may dial (DESIGN section 7). A host name is not an address: it is resolved first, and the
 * addresses it resolves to are judged, so that a name cannot smuggle a private one in.
 */
import ipaddr from "ipaddr.js";

export interface AddressPolicyOptions {
  /** Local mode: the simulator and the developer's own servers live on the loopback interface. */
  readonly allowLoopback: boolean;
  /** Private ranges that the operator opened, in CIDR form, for example `10.20.0.0/16`. */
  readonly allowedRanges: readonly string[];
}

export type AddressPolicy = (address: string) => boolean;

/** Builds the judgement over literal IP addresses. Throws RangeError for an allowed range that is not CIDR. */
export function createAddressPolicy(options: AddressPolicyOptions): AddressPolicy {
  const allowed = options.allowedRanges.map(parseRange);
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    if (allowed.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits)))
      return true;
    const range = address.range();
    if (range === "loopback") return options.allowLoopback;
    return range === "unicast";
  };
}

function parseRange(range: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  try {
    return ipaddr.parseCIDR(range);
  } catch {
    throw new RangeError(`not an address range in CIDR form: ${range}`);
  }
}
