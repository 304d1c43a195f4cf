import { Injectable, type OnModuleInit } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { buildOpenApiDocument } from "@switchyard/api-contract/openapi";
import type { FastifyInstance } from "fastify";
import { productVersion } from "../product-version.ts";

/** Describes the API; the description is no secret, what it describes is guarded. */
@Injectable()
export class OpenApiRoutes implements OnModuleInit {
  readonly #adapterHost: HttpAdapterHost;

  constructor(adapterHost: HttpAdapterHost) {
    this.#adapterHost = adapterHost;
  }

  onModuleInit(): void {
    const document = JSON.stringify(buildOpenApiDocument(productVersion));
    this.#adapterHost.httpAdapter
      .getInstance<FastifyInstance>()
      .get("/api/openapi.json", async (_request, reply) =>
        reply.header("content-type", "application/json").send(document),
      );
  }
}
