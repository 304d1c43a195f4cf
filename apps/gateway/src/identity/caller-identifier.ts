import type { IncomingMessage } from "node:http";
import type { PolicyVirtualKey } from "@switchyard/policy-engine/policy/policy-revision";
import type { SubKey } from "@switchyard/secrets/derive-key";
import {
  dummyDigest,
  dummyFingerprint,
  fingerprintVirtualKey,
  isSameFingerprint,
  parseVirtualKey,
  verifyVirtualKey,
} from "@switchyard/secrets/virtual-key";
import { GatewayError } from "../errors/gateway-error.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { Caller } from "./caller.ts";
import { readCredential } from "./read-credential.ts";

type Peppers = readonly [SubKey<"virtual-key-pepper">, ...SubKey<"virtual-key-pepper">[]];

interface KnownKey {
  readonly digest: Uint8Array;
  readonly caller: Caller;
  readonly notAfterMs: number | null;
  /** Of the secret that verified last; dummy until then. */
  fingerprint: string;
}

/** Turns a presented virtual key into a caller, from memory alone. One per process. */
export class CallerIdentifier {
  readonly #peppers: Peppers;
  readonly #known = new WeakMap<PolicyVirtualKey, KnownKey>();

  constructor(peppers: Peppers) {
    this.#peppers = peppers;
  }

  /**
   * Throws `invalid_api_key`, in the same words whether the key is unknown, wrong, expired or revoked, and after the same
   * work: a stranger must not learn which keys exist.
   */
  identify(request: IncomingMessage, policy: ActivePolicy, nowMs: number): Caller {
    const presented = parseVirtualKey(readCredential(request));
    if (presented === undefined) throw invalidApiKey();
    const key = policy.keysByPublicId.get(presented.publicId);
    const known = key === undefined ? undefined : this.#know(key, policy);
    if (!this.#isGenuine(presented.secret, known) || known === undefined) throw invalidApiKey();
    if (known.notAfterMs !== null && nowMs >= known.notAfterMs) throw invalidApiKey();
    return known.caller;
  }

  // The digest under the pepper costs several times what a fingerprint does, so a key pays for it once per revision. Every
  // key that is not genuine, known or not, pays for both: the time tells nothing.
  #isGenuine(secret: string, known: KnownKey | undefined): boolean {
    const fingerprint = fingerprintVirtualKey(secret);
    if (isSameFingerprint(fingerprint, known?.fingerprint ?? dummyFingerprint)) return known !== undefined;
    const isGenuine = verifyVirtualKey(this.#peppers, secret, known?.digest ?? dummyDigest);
    if (isGenuine && known !== undefined) known.fingerprint = fingerprint;
    return isGenuine;
  }

  // Per key object, and so per revision: what a request would otherwise decode and look up again each time.
  #know(key: PolicyVirtualKey, policy: ActivePolicy): KnownKey | undefined {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const teamId = policy.projectTeams.get(key.projectId);
    if (teamId === undefined) return undefined;
    const made: KnownKey = {
      digest: Buffer.from(key.digest, "base64"),
      notAfterMs: key.notAfterMs,
      fingerprint: dummyFingerprint,
      caller: {
        organisationId: policy.revision.organisation.organisationId,
        teamId,
        projectId: key.projectId,
        virtualKeyId: key.virtualKeyId,
        allowedRouteIds: key.allowedRouteIds === null ? null : new Set(key.allowedRouteIds),
        passthroughConnectionIds: key.passthroughConnectionIds ?? [],
      },
    };
    this.#known.set(key, made);
    return made;
  }
}

function invalidApiKey(): GatewayError {
  return new GatewayError("invalid_api_key", "The API key is missing, unknown, expired or revoked.");
}
