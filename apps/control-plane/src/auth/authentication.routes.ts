import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import type { ErrorCode } from "../errors/error-catalogue.ts";
import { AdminOrigins } from "./admin-origins.ts";
import { type Authentication, authenticationPath, authenticationToken, clientAddressHeader } from "./authentication.ts";
import { IdentityRepository } from "./identity.repository.ts";

/** What of the library is open; everything else of it stays shut. */
const openPaths = ["/sign-in/email", "/sign-out", "/change-password"];
const forwardedHeaders = ["cookie", "origin", "content-type", "user-agent"];
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: "validation_failed",
  401: "invalid_credentials",
  403: "cross_origin",
  429: "rate_limited",
};

/** Mounts the library's handler on Fastify, and gives its failures the shape of ours. */
@Injectable()
export class AuthenticationRoutes implements OnModuleInit {
  readonly #authentication: Authentication;
  readonly #adapterHost: HttpAdapterHost;
  readonly #origins: AdminOrigins;
  readonly #identities: IdentityRepository;

  constructor(
    @Inject(authenticationToken) authentication: Authentication,
    adapterHost: HttpAdapterHost,
    origins: AdminOrigins,
    identities: IdentityRepository,
  ) {
    this.#authentication = authentication;
    this.#adapterHost = adapterHost;
    this.#origins = origins;
    this.#identities = identities;
  }

  onModuleInit(): void {
    const fastify = this.#adapterHost.httpAdapter.getInstance<FastifyInstance>();
    for (const path of openPaths) {
      fastify.post(`${authenticationPath}${path}`, (request, reply) => this.#forward(request, reply));
    }
  }

  async #forward(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    this.#refuseOtherOrigins(request);
    const response = await this.#authentication.handler(this.#toWebRequest(request));
    // Its body repeats the session's token, which is the cookie's business and no script's.
    await response.body?.cancel();
    // The library keeps the cause of its own failures to itself; if it is the database, this says so.
    if (response.status >= 500) await this.#identities.requireDatabase();
    if (!response.ok) throw new ControlPlaneError(codeOfStatus[response.status] ?? "internal_error");
    for (const cookie of response.headers.getSetCookie()) void reply.header("set-cookie", cookie);
    return reply.status(204).send();
  }

  // Signing somebody in from another site is an attack too; tools without a browser send no origin.
  #refuseOtherOrigins({ headers }: FastifyRequest): void {
    if (headers.origin !== undefined && !this.#origins.list().includes(headers.origin)) {
      throw new ControlPlaneError("cross_origin");
    }
  }

  #toWebRequest(request: FastifyRequest): Request {
    const headers = new Headers({ [clientAddressHeader]: request.ip });
    for (const name of forwardedHeaders) {
      const value = request.headers[name];
      if (typeof value === "string") headers.set(name, value);
    }
    const url = new URL(request.url, this.#origins.list()[0]);
    const body = request.body === undefined || request.body === null ? null : JSON.stringify(request.body);
    return new Request(url, { method: request.method, headers, body });
  }
}
