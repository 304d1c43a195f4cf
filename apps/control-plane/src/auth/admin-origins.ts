import type { AddressInfo } from "node:net";
import { Injectable } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { ControlPlaneEnv } from "../env.ts";

const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];

/** The origins that the dashboard may be opened at; a session cookie changes nothing from any other. */
@Injectable()
export class AdminOrigins {
  readonly #env: ControlPlaneEnv;
  readonly #adapterHost: HttpAdapterHost;

  constructor(env: ControlPlaneEnv, adapterHost: HttpAdapterHost) {
    this.#env = env;
    this.#adapterHost = adapterHost;
  }

  list(): string[] {
    if (this.#env.adminOrigin !== null) return [this.#env.adminOrigin];
    const address = this.#adapterHost.httpAdapter.getHttpServer().address() as AddressInfo | null;
    return loopbackHosts.map((host) => `http://${host}:${address?.port ?? this.#env.port}`);
  }
}
