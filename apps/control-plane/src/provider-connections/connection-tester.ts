import { Injectable } from "@nestjs/common";
import type { ConnectionTest } from "@switchyard/api-contract/provider-connections";
import { BlockedAddressError } from "@switchyard/outbound/guarded-connector";
import { findProviderCodec } from "@switchyard/providers/registry";
import { type ConnectionToCall, ProviderCaller } from "./provider-caller.ts";
import { readModelIds } from "./read-model-ids.ts";

const answerTimeoutMs = 10_000;

/** Calls a provider's model list through the same guarded connector as the gateway, and says what came back. */
@Injectable()
export class ConnectionTester {
  readonly #provider: ProviderCaller;

  constructor(provider: ProviderCaller) {
    this.#provider = provider;
  }

  async test(connection: ConnectionToCall): Promise<ConnectionTest> {
    const path = findProviderCodec(connection.kind)?.manifest.modelListPath;
    if (!path) return failure("unexpected_answer", "This kind of provider has no model list to ask for.");
    const startedAt = performance.now();
    try {
      const request = {
        method: "GET",
        path,
        headers: { accept: "application/json" },
        timeoutMs: answerTimeoutMs,
      } as const;
      const { status, bytes } = await this.#provider.call(connection, request);
      return judge(status, Buffer.from(bytes).toString("utf8"), Math.round(performance.now() - startedAt));
    } catch (error) {
      return explain(error);
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
