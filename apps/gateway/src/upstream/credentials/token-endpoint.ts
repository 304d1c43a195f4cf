import type { AddressPolicy } from "@switchyard/outbound/address-policy";
import { createGuardedConnector } from "@switchyard/outbound/guarded-connector";
import { Agent, request } from "undici";

export interface TokenRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: string;
}

const timeoutMs = 10_000;
const mostBytes = 65_536;

/** Asks the endpoints that hand out short-lived credentials. Addresses are checked like a provider's; no redirects. */
export class TokenEndpoint {
  readonly #agent: Agent;

  constructor(isAllowed: AddressPolicy) {
    this.#agent = new Agent({
      connect: createGuardedConnector({ isAllowed, connectTimeoutMs: timeoutMs }),
      maxResponseSize: mostBytes,
    });
  }

  /** Rejects where no answer comes; what went wrong is in the error's code, never in its message to a client. */
  async post({ url, headers, body }: TokenRequest): Promise<TokenAnswer> {
    const response = await request(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
      body,
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.statusCode, body: await response.body.text() };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
