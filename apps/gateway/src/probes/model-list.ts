import type { PolicyConnection } from "@switchyard/policy-engine/policy/policy-revision";
import type { ProbeOutcome } from "@switchyard/policy-engine/health/probe";
import type { ProviderCodec } from "@switchyard/providers/provider-codec";
import { addressOf } from "../upstream/attempt-request.ts";
import { authorise } from "../upstream/credentials/authorise.ts";
import type { IssuedSecret } from "../upstream/credentials/exchange-credential.ts";
import type { OpenedCredential } from "../upstream/credential-vault.ts";
import type { UpstreamClient } from "../upstream/upstream-client.ts";
import { UpstreamExchange, type ExchangeFailure } from "../upstream/upstream-exchange.ts";

/** The connect timeout of most routes, so that the connection that a probe opens is the one that calls find warm. */
const timeouts = { connectMs: 3_000, firstByteMs: 5_000, idleMs: 5_000, totalMs: 8_000 };
const noBody = new Uint8Array();

export interface ProbedConnection {
  readonly connection: PolicyConnection;
  readonly codec: ProviderCodec;
  readonly credential: OpenedCredential | null;
  readonly issued: IssuedSecret | null;
}

/** Asks a provider which models it has, and says what that tells of the connection. Costs nothing anywhere. Never rejects. */
export async function askModelList(client: UpstreamClient, probed: ProbedConnection): Promise<ProbeOutcome> {
  const { connection, codec } = probed;
  const address = addressOf(connection);
  const path = address.basePath + (codec.manifest.modelListPath ?? "");
  const request = { address, path, method: "GET", body: noBody } as const;
  const headers = { ...authorise(probed, request), "accept-encoding": "identity", "user-agent": "switchyard" };
  return new Promise((resolve) => {
    let status = 0;
    const exchange = new UpstreamExchange(
      {
        onHead: (answered) => void (status = answered),
        // Read to its end, because a connection that is cut is none to keep warm.
        onData: () => undefined,
        onEnd: (failure) => resolve(outcomeOf(status, failure)),
      },
      timeouts,
    );
    try {
      client.send({ ...request, headers, connectMs: timeouts.connectMs }, exchange);
    } catch (cause) {
      exchange.fail("connection", cause);
    }
  });
}

function outcomeOf(status: number, failure: ExchangeFailure | null): ProbeOutcome {
  if (status === 401 || status === 403) return "credential_rejected";
  if (status >= 500) return "failing";
  if (status > 0) return "reachable";
  if (failure?.phase === "connecting") return "unreachable";
  return failure?.fault === "timeout" ? "timeout" : "failing";
}
