/**
 * Binds one operation of the contract to one controller method. Path, method, status, access and every schema come
 * from the operation, so a controller states nothing that the contract says already; the compiler holds the method to
 * the operation's types.
 */
import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type StreamableFile,
} from "@nestjs/common";
import type { Operation } from "@switchyard/api-contract/operation";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import { actorOf } from "../auth/authenticated-request.ts";
import { parseInput } from "../errors/validation-problems.ts";
import type { Published } from "./published.ts";

/** What a handler gets: the parsed input, and who asks. */
export interface Call<O extends Operation> {
  readonly params: z.output<O["params"]>;
  readonly query: z.output<O["query"]>;
  readonly body: z.output<O["body"]>;
  readonly actor: Actor;
}

type Answer<O extends Operation> = z.input<O["response"]> extends undefined ? void : z.input<O["response"]>;
type Handler<O extends Operation> = (call: Call<O>) => Promise<Answer<O> | Published<Answer<O>> | StreamableFile>;

export const operationMetadata = "switchyard:operation";

const CallOf = createParamDecorator((operation: Operation, context): Call<Operation> => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    params: parseInput(operation.params, plainObject(operation.params, request.params)),
    query: parseInput(operation.query, plainObject(operation.query, request.query)),
    // A body that is left out is an empty one, so that what is missing from it is named.
    body: parseInput(operation.body, request.body ?? (isNothing(operation.body) ? undefined : {})),
    actor: actorOf(request),
  };
});

function isNothing(schema: z.ZodType): boolean {
  return schema.def.type === "undefined";
}

// Fastify gives an object without prototype, and an empty one where there are no parameters or no query.
function plainObject(schema: z.ZodType, values: unknown): unknown {
  const copy = { ...(values as object) };
  return isNothing(schema) && Object.keys(copy).length === 0 ? undefined : copy;
}

/** Method decorator: this method answers `operation`. */
export function Handles<O extends Operation>(operation: O) {
  return <H extends Handler<O>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>): void => {
    CallOf(operation)(target, key, 0);
    applyDecorators(
      RequestMapping({ path: operation.path, method: RequestMethod[operation.method] }),
      HttpCode(operation.status),
      SetMetadata(operationMetadata, operation),
    )(target, key, descriptor);
  };
}
