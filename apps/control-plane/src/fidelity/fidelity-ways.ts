import { Injectable } from "@nestjs/common";
import { decodeBody } from "@switchyard/fidelity/decode-body";
import type { Answer, SentRequest } from "@switchyard/fidelity/exchange";
import type { FidelityWays } from "@switchyard/fidelity/run-suite";
import { request as send } from "undici";
import { type ConnectionToCall, ProviderCaller } from "../provider-connections/provider-caller.ts";
import { encodeAsGateway, type EncodingSubject } from "./gateway-encoding.ts";

const answerTimeoutMs = 120_000;

export interface WaysSubject extends EncodingSubject {
  readonly connection: ConnectionToCall;
  readonly gatewayUrl: string;
  readonly virtualKey: string;
}

/** The two ways to a provider from here: with its own credential, and with a virtual key by way of the gateway. */
@Injectable()
export class FidelityWaysFactory {
  readonly #provider: ProviderCaller;

  constructor(provider: ProviderCaller) {
    this.#provider = provider;
  }

  create(subject: WaysSubject): FidelityWays {
    return {
      direct: async (request) => {
        const { path, headers, body } = request;
        const sent = { method: "POST", path, headers, body, timeoutMs: answerTimeoutMs } as const;
        const { status, contentType, bytes } = await this.#provider.call(subject.connection, sent);
        return {
          received: request,
          provided: null,
          answer: { status, contentType, body: decodeBody(contentType, bytes) },
        };
      },
      throughGateway: async (request, { name }) => ({
        received: encodeAsGateway(subject, name, request),
        provided: null,
        answer: await callGateway(subject.gatewayUrl, subject.virtualKey, request),
      }),
    };
  }
}

/** The address is the operator's own, from this process's settings. */
async function callGateway(gatewayUrl: string, virtualKey: string, request: SentRequest): Promise<Answer> {
  const response = await send(`${gatewayUrl.replace(/\/+$/, "")}${request.path}`, {
    method: "POST",
    headers: { ...request.headers, authorization: `Bearer ${virtualKey}` },
    body: request.body,
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  const contentType = String(response.headers["content-type"] ?? "");
  return { status: response.statusCode, contentType, body: await response.body.text() };
}

/** Gateway processes hear of a key one by one; several answers in a row come from several of them. */
const answersInARow = 6;

/** Waits until the gateway knows a key that was issued just now; false where it does not in time. */
export async function isKeyKnown(gatewayUrl: string, virtualKey: string, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  let inARow = 0;
  while (performance.now() < deadline) {
    const response = await send(`${gatewayUrl.replace(/\/+$/, "")}/v1/models`, {
      headers: { authorization: `Bearer ${virtualKey}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body.dump();
    inARow = response.statusCode === 200 ? inARow + 1 : 0;
    if (inARow === answersInARow) return true;
    if (inARow === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
