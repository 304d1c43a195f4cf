import { type CanActivate, type ExecutionContext, Injectable } from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import type { Operation } from "@switchyard/api-contract/operation";
import type { FastifyRequest } from "fastify";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { operationMetadata } from "../operations/handles.ts";
import { AdminOrigins } from "./admin-origins.ts";
import { rememberActor } from "./authenticated-request.ts";
import { IdentityService } from "./identity.service.ts";

const safeMethods = ["GET", "HEAD"];

/** The one guard, before every handler: nothing is open unless its operation says so. */
@Injectable()
export class AccessGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #identity: IdentityService;
  readonly #origins: AdminOrigins;

  constructor(reflector: Reflector, identity: IdentityService, origins: AdminOrigins) {
    this.#reflector = reflector;
    this.#identity = identity;
    this.#origins = origins;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = this.#reflector.get<Operation | undefined>(operationMetadata, context.getHandler());
    if (!operation) throw new ControlPlaneError("forbidden");
    if (operation.access === "public") return true;

    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const identity = await this.#identity.identify(request);
    if (!identity) throw new ControlPlaneError("unauthenticated");
    const { actor, by } = identity;
    if (by === "cookie" && !safeMethods.includes(request.method)) this.#requireOwnOrigin(request);
    if (operation.access !== "member" && !operation.access.includes(actor.role))
      throw new ControlPlaneError("forbidden");
    rememberActor(request, actor);
    return true;
  }

  // Browsers send the origin with every change; "null" and silence are not ours.
  #requireOwnOrigin({ headers }: FastifyRequest): void {
    if (headers.origin === undefined || !this.#origins.list().includes(headers.origin)) {
      throw new ControlPlaneError("cross_origin");
    }
  }
}
