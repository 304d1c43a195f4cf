/** One control plane that is walked through, a provider for it, and the operations that have succeeded on the way. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Operation } from "@switchyard/api-contract/operation";
import { type RunningControlPlane, startControlPlane } from "../running-control-plane.ts";

export class Walk {
  readonly succeeded = new Set<string>();
  #running: RunningControlPlane | null = null;
  readonly #provider: Server = createServer((request, response) => {
    if (request.method === "POST" || request.url?.startsWith("/gateway/")) {
      // The one server plays the gateway too, and both give the same answer.
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ id: "chatcmpl-1", object: "chat.completion", choices: [] }));
      return;
    }
    const isKnown = request.headers.authorization === "Bearer provider-secret-0123456789";
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify({ data: [{ id: "one" }, { id: "two" }] }));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#provider.listen(0, "127.0.0.1", resolve));
    this.#running = await startControlPlane({
      environment: { PUBLIC_GATEWAY_URL: `${new URL(this.providerUrl).origin}/gateway` },
    });
  }

  async stop(): Promise<void> {
    this.#provider.close();
    await this.#running?.stop();
  }

  get controlPlane(): RunningControlPlane {
    if (this.#running === null) throw new Error("the walk has not begun");
    return this.#running;
  }

  get providerUrl(): string {
    return `http://127.0.0.1:${(this.#provider.address() as AddressInfo).port}/v1`;
  }

  readonly ok = async <O extends Operation>(operation: O, input?: Parameters<typeof this.controlPlane.ok<O>>[1]) => {
    const answer = await this.controlPlane.ok(operation, input);
    this.succeeded.add(operation.id);
    return answer;
  };
}
