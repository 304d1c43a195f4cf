import { Injectable } from "@nestjs/common";
import type { ConnectionTest } from "@switchyard/api-contract/provider-connections";
import { createAddressPolicy } from "@switchyard/outbound/address-policy";
import { BlockedAddressError, createGuardedConnector } from "@switchyard/outbound/guarded-connector";
import { findProviderCodec } from "@switchyard/providers/registry";
import { openCredential } from "@switchyard/secrets/sealed-credential";
import { Agent, request } from "undici";
import { ControlPlaneEnv } from "../env.ts";
import { readModelIds } from "./read-model-ids.ts";

export interface ConnectionToTest {
  readonly organisationId: string;
  readonly connectionId: string;
  readonly kind: string;
  readonly baseUrl: string;
  /** The newest active credential, sealed; null where there is none. */
  readonly credential: { readonly id: string; readonly sealed: string } | null;
}

const connectTimeoutMs = 5_000;
const answerTimeoutMs = 10_000;
const mostBodyBytes = 4 * 1024 * 1024;

/** Calls a provider's model list through the same guarded connector as the gateway, and says what came back. */
@Injectable()
export class ConnectionTester {
  readonly #env: ControlPlaneEnv;

  constructor(env: ControlPlaneEnv) {
    this.#env = env;
  }

  async test(connection: ConnectionToTest): Promise<ConnectionTest> {
    const codec = findProviderCodec(connection.kind);
    const path = codec?.manifest.modelListPath;
    if (!codec || !path) return failure("unexpected_answer", "This kind of provider has no model list to ask for.");
    const startedAt = performance.now();
    try {
      const headers = codec.requestHeaders(this.#openCredential(connection));
      const { status, text } = await this.#get(`${connection.baseUrl}${path}`, headers);
      return judge(status, text, Math.round(performance.now() - startedAt));
    } catch (error) {
      return explain(error);
    }
  }

  #openCredential({ credential, organisationId, connectionId, baseUrl }: ConnectionToTest): string | null {
    if (credential === null) return null;
    const context = { organisationId, connectionId, credentialId: credential.id, origin: baseUrl };
    return openCredential(this.#env.keyring, credential.sealed, context);
  }

  async #get(url: string, headers: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
    const { isLocal, allowedPrivateRanges } = this.#env;
    const isAllowed = createAddressPolicy({ allowLoopback: isLocal, allowedRanges: allowedPrivateRanges });
    const dispatcher = new Agent({
      connect: createGuardedConnector({ isAllowed, connectTimeoutMs }),
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      maxResponseSize: mostBodyBytes,
    });
    try {
      const response = await request(url, {
        dispatcher,
        headers: { ...headers, accept: "application/json", "accept-encoding": "identity" },
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      return { status: response.statusCode, text: await response.body.text() };
    } finally {
      await dispatcher.destroy();
    }
  }
}

function judge(status: number, text: string, latencyMs: number): ConnectionTest {
  if (status === 401 || status === 403) {
    return { ...failure("credential_rejected", "The provider rejects the credential."), status, latencyMs };
  }
  const models = status === 200 ? readModelIds(text) : null;
  if (models === null) {
    return { ...failure("unexpected_answer", `The answer (status ${status}) is not a model list.`), status, latencyMs };
  }
  return { ok: true, status, latencyMs, outcome: "ok", message: `The provider lists ${models.length} models.`, models };
}

// What the other side or the resolver says stays here: only our own words go out.
function explain(error: unknown): ConnectionTest {
  const { name, code } = error as { name?: string; code?: string };
  if (error instanceof BlockedAddressError) {
    return failure("blocked_address", "The host resolves to an address that this deployment does not allow.");
  }
  if (name === "TimeoutError" || (code?.startsWith("UND_ERR_") && code.endsWith("TIMEOUT"))) {
    return failure("timeout", "The provider did not answer in time.");
  }
  if (name === "CredentialCannotBeOpenedError") {
    return failure("credential_rejected", "The stored credential cannot be opened with this master key; add it again.");
  }
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") return failure("unexpected_answer", "The answer is too large.");
  return failure("connect_failed", "No connection to the provider could be made.");
}

function failure(outcome: string, message: string): ConnectionTest {
  return { ok: false, status: null, latencyMs: null, outcome, message, models: [] };
}
