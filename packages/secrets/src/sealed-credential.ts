import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deriveKey } from "./derive-key.ts";
import type { MasterKey, MasterKeyring } from "./master-key.ts";

/*
 * A sealed credential is `v1.<key id>.<base64url of iv, tag, ciphertext>` (AES-256-GCM). Everything that says where the
 * secret may be used is authenticated with it: a row copied to another connection, or a connection pointed at another
 * host, cannot open it.
 */
const version = "v1";
const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;
const longestSealed = 65_536;
const shortestHinted = 20;

/** Where a credential belongs. `origin` may be a base URL; only its scheme, host and port count. */
export interface CredentialContext {
  readonly organisationId: string;
  readonly connectionId: string;
  readonly credentialId: string;
  readonly origin: string;
}

/** Why a credential could not be opened; never what was in it. */
export type CredentialFault = "malformed" | "unknown-master-key" | "not-authentic";

/** Thrown by `openCredential`. `fault` tells an operator where to look; nothing of the secret is in it. */
export class CredentialCannotBeOpenedError extends Error {
  override readonly name = "CredentialCannotBeOpenedError";
  readonly fault: CredentialFault;

  constructor(fault: CredentialFault) {
    super(`a sealed credential cannot be opened: ${fault}`);
    this.fault = fault;
  }
}

/** Encrypts a provider secret under the ring's active key, bound to its context. Throws a TypeError for an origin that is not an http(s) URL. */
export function sealCredential(keyring: MasterKeyring, plaintext: string, context: CredentialContext): string {
  const { active } = keyring;
  const origin = canonicalOrigin(context.origin);
  if (origin === undefined) throw new TypeError("a credential needs an http or https origin to be bound to");
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, deriveKey(active, "credential-sealing"), iv, { authTagLength: tagBytes });
  cipher.setAAD(additionalData(active, context, origin));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  const payload = Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
  return `${version}.${active.id}.${payload.toString("base64url")}`;
}

/** Opens a sealed credential with whichever key of the ring sealed it; throws `CredentialCannotBeOpenedError`. */
export function openCredential(keyring: MasterKeyring, sealed: string, context: CredentialContext): string {
  const parts = takeApart(sealed);
  const origin = canonicalOrigin(context.origin);
  if (parts === undefined || origin === undefined) throw new CredentialCannotBeOpenedError("malformed");
  const masterKey = [keyring.active, ...keyring.retiring].find((candidate) => candidate.id === parts.keyId);
  if (masterKey === undefined) throw new CredentialCannotBeOpenedError("unknown-master-key");
  const { iv, tag, ciphertext } = parts;
  const decipher = createDecipheriv(algorithm, deriveKey(masterKey, "credential-sealing"), iv, {
    authTagLength: tagBytes,
  });
  decipher.setAAD(additionalData(masterKey, context, origin));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
  } catch {
    throw new CredentialCannotBeOpenedError("not-authentic");
  }
}

/** Whether a sealed text should be opened and sealed again: it is not under the active key, or not in the current format. */
export function needsResealing(keyring: MasterKeyring, sealed: string): boolean {
  return takeApart(sealed)?.keyId !== keyring.active.id;
}

/** The last four characters, for people to tell credentials apart; undefined where four would be too large a part of it. */
export function credentialHint(plaintext: string): string | undefined {
  return plaintext.length >= shortestHinted ? plaintext.slice(-4) : undefined;
}

function takeApart(sealed: string): { keyId: string; iv: Buffer; tag: Buffer; ciphertext: Buffer } | undefined {
  if (sealed.length > longestSealed) return undefined;
  const [sealedVersion, keyId, encoded, ...rest] = sealed.split(".");
  if (sealedVersion !== version || !keyId || encoded === undefined || rest.length > 0) return undefined;
  const payload = Buffer.from(encoded, "base64url");
  // The decoder skips what it does not know; only the one canonical spelling of a payload is accepted.
  if (payload.length < ivBytes + tagBytes || payload.toString("base64url") !== encoded) return undefined;
  return {
    keyId,
    iv: payload.subarray(0, ivBytes),
    tag: payload.subarray(ivBytes, ivBytes + tagBytes),
    ciphertext: payload.subarray(ivBytes + tagBytes),
  };
}

// A JSON array of strings is injective: no two contexts share one text.
function additionalData(masterKey: MasterKey, context: CredentialContext, origin: string): Buffer {
  const { organisationId, connectionId, credentialId } = context;
  return Buffer.from(JSON.stringify([version, masterKey.id, organisationId, connectionId, credentialId, origin]));
}

function canonicalOrigin(text: string): string | undefined {
  const url = URL.parse(text);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.origin : undefined;
}
