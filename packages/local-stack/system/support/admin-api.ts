/** The control plane as automation sees it: plain HTTP with an admin token. Nothing of the product's client is used. */
import type { Stack } from "../../src/stack.ts";

export interface AdminAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export class AdminApi {
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  async call<Body>(method: string, path: string, body?: unknown): Promise<AdminAnswer<Body>> {
    const response = await fetch(`${this.#stack.adminUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#stack.firstRun?.adminToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === "" ? undefined : JSON.parse(text)) as Body,
    };
  }

  async get<Body>(path: string): Promise<Body> {
    return await this.#expectSuccess<Body>("GET", path);
  }

  async post<Body>(path: string, body?: unknown): Promise<Body> {
    return await this.#expectSuccess<Body>("POST", path, body);
  }

  async put<Body>(path: string, body: unknown): Promise<Body> {
    return await this.#expectSuccess<Body>("PUT", path, body);
  }

  async #expectSuccess<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.call<Body>(method, path, body);
    if (answer.status >= 400)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
