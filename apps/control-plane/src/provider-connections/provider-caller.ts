import { Injectable } from "@nestjs/common";
import { createAddressPolicy } from "@switchyard/outbound/address-policy";
import { createGuardedConnector } from "@switchyard/outbound/guarded-connector";
import type { ConnectionQuirks } from "@switchyard/policy-engine/policy/connection-quirks";
import { readProviderCredential } from "@switchyard/providers/credentials/provider-credential";
import { findProviderCodec } from "@switchyard/providers/registry";
import { openCredential } from "@switchyard/secrets/sealed-credential";
import { Agent, request as send } from "undici";
import { ControlPlaneEnv } from "../env.ts";

export interface ConnectionToCall {
  readonly organisationId: string;
  readonly connectionId: string;
  readonly kind: string;
  readonly baseUrl: string;
  readonly quirks: ConnectionQuirks | null;
  /** The newest active credential, sealed; null where there is none. */
  readonly credential: { readonly id: string; readonly sealed: string } | null;
}

export interface ProviderRequest {
  readonly method: "GET" | "POST";
  /** Appended to the base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface ProviderAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

const connectTimeoutMs = 5_000;
const mostBodyBytes = 4 * 1024 * 1024;

/** Calls a provider with a stored credential, through the same guarded connector as the gateway. */
@Injectable()
export class ProviderCaller {
  readonly #env: ControlPlaneEnv;

  constructor(env: ControlPlaneEnv) {
    this.#env = env;
  }

  /** The whole answer, whatever its status. Rejects where there is none, or one of more than 4 MiB. */
  async call(connection: ConnectionToCall, request: ProviderRequest): Promise<ProviderAnswer> {
    const { isLocal, allowedPrivateRanges } = this.#env;
    const isAllowed = createAddressPolicy({ allowLoopback: isLocal, allowedRanges: allowedPrivateRanges });
    const { method, path, headers, body, timeoutMs } = request;
    const dispatcher = new Agent({
      connect: createGuardedConnector({ isAllowed, connectTimeoutMs }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: mostBodyBytes,
    });
    try {
      const credential = findProviderCodec(connection.kind)?.requestHeaders(this.#openCredential(connection)) ?? {};
      const response = await send(`${connection.baseUrl}${path}`, {
        dispatcher,
        method,
        headers: { ...credential, ...headers, "accept-encoding": "identity" },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      });
      const contentType = String(response.headers["content-type"] ?? "");
      return { status: response.statusCode, contentType, bytes: await response.body.bytes() };
    } finally {
      await dispatcher.destroy();
    }
  }

  /** False where the credential has to be exchanged or signed with first: calls from here would be refused. */
  sendsCredentialAsItIs(connection: ConnectionToCall): boolean {
    const types = findProviderCodec(connection.kind)?.manifest.credentialTypes;
    if (types === undefined) return true;
    return readProviderCredential(this.#openCredential(connection) ?? "")?.type === "api_key";
  }

  #openCredential({ credential, organisationId, connectionId, baseUrl }: ConnectionToCall): string | null {
    if (credential === null) return null;
    const context = { organisationId, connectionId, credentialId: credential.id, origin: baseUrl };
    return openCredential(this.#env.keyring, credential.sealed, context);
  }
}
