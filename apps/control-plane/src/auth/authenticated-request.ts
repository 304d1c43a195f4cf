import type { FastifyRequest } from "fastify";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import type { Actor } from "./actor.ts";

const actors = new WeakMap<FastifyRequest, Actor>();

export function rememberActor(request: FastifyRequest, actor: Actor): void {
  actors.set(request, actor);
}

/** Who the guard found behind a request. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request);
  if (!actor) throw new ControlPlaneError("unauthenticated");
  return actor;
}
