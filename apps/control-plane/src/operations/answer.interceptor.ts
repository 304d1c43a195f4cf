import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import type { Operation } from "@switchyard/api-contract/operation";
import { policyRevisionHeader } from "@switchyard/api-contract/primitives";
import type { FastifyReply } from "fastify";
import { map, type Observable } from "rxjs";
import { ControlPlaneEnv } from "../env.ts";
import { operationMetadata } from "./handles.ts";
import { Published } from "./published.ts";

/** Unwraps published answers into body and header, and in local mode holds every answer to its schema. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  readonly #reflector: Reflector;
  readonly #checksAnswers: boolean;

  constructor(reflector: Reflector, env: ControlPlaneEnv) {
    this.#reflector = reflector;
    this.#checksAnswers = env.isLocal;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const operation = this.#reflector.get<Operation>(operationMetadata, context.getHandler());
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer: unknown) => {
        if (!(answer instanceof Published)) return this.#checked(operation, answer);
        void reply.header(policyRevisionHeader, String(answer.policyRevision));
        return this.#checked(operation, answer.value);
      }),
    );
  }

  #checked(operation: Operation, answer: unknown): unknown {
    const isPlain = operation.status !== 204 && operation.produces === "application/json";
    return this.#checksAnswers && isPlain ? operation.response.parse(answer) : answer;
  }
}
