import { createAddressPolicy } from "@switchyard/outbound/address-policy";
import { createGuardedConnector } from "@switchyard/outbound/guarded-connector";
import { Agent, request } from "undici";

export interface WebhookSenderOptions {
  readonly allowLoopback: boolean;
  readonly timeoutMs: number;
}

/** Posts signed alerts through the guarded connector: no redirects, bounded time, the answer's body is not read. */
export class WebhookSender {
  readonly #agent: Agent;
  readonly #timeoutMs: number;

  constructor(options: WebhookSenderOptions) {
    const isAllowed = createAddressPolicy({ allowLoopback: options.allowLoopback, allowedRanges: [] });
    this.#agent = new Agent({ connect: createGuardedConnector({ isAllowed, connectTimeoutMs: options.timeoutMs }) });
    this.#timeoutMs = options.timeoutMs;
  }

  /** Throws with a public message when the receiver did not answer 2xx. */
  async post(url: string, body: string, signature: string): Promise<void> {
    const response = await request(url, {
      method: "POST",
      dispatcher: this.#agent,
      headersTimeout: this.#timeoutMs,
      headers: { "content-type": "application/json", "x-switchyard-signature": signature },
      body,
    });
    await response.body.dump({ limit: 65_536 });
    if (response.statusCode < 200 || response.statusCode > 299)
      throw new Error(`the receiver answered ${response.statusCode}`);
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}
