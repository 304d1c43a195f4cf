import { resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import type { Logger } from "@switchyard/telemetry/logger";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ControlPlaneEnv } from "../env.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { loggerToken } from "../logging.ts";
import { type DashboardFile, listDashboardFiles, notFoundPage } from "./dashboard-files.ts";

/** Serves the dashboard's static export beside the API, so that the admin side is one origin and one port. */
@Injectable()
export class DashboardRoutes implements OnModuleInit {
  readonly #adapterHost: HttpAdapterHost;
  readonly #env: ControlPlaneEnv;
  readonly #logger: Logger;
  #files: ReadonlyMap<string, DashboardFile> = new Map();

  constructor(adapterHost: HttpAdapterHost, env: ControlPlaneEnv, @Inject(loggerToken) logger: Logger) {
    this.#adapterHost = adapterHost;
    this.#env = env;
    this.#logger = logger;
  }

  async onModuleInit(): Promise<void> {
    const { dashboardDir } = this.#env;
    if (dashboardDir === null) return;
    const root = resolve(dashboardDir);
    try {
      this.#files = await listDashboardFiles(root);
    } catch (error) {
      this.#logger.warn({ err: error, dashboardDir: root }, "the dashboard is not served: its folder cannot be read");
      return;
    }
    const fastify = this.#adapterHost.httpAdapter.getInstance<FastifyInstance>();
    await fastify.register(fastifyStatic, { root, serve: false, cacheControl: false });
    fastify.get("/*", (request, reply) => this.#serve(request, reply));
  }

  async #serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const path = decode(request.url.split("?", 1)[0] ?? "/");
    if (path === "/api" || path.startsWith("/api/")) throw new ControlPlaneError("not_found");
    const file = this.#files.get(path);
    if (file) return send(reply, file);
    const withoutSlash = path.replace(/\/+$/, "");
    if (withoutSlash !== path && this.#files.has(withoutSlash)) return reply.redirect(withoutSlash, 308);
    const page = this.#files.get(notFoundPage);
    if (!page) throw new ControlPlaneError("not_found");
    return send(reply.status(404), page);
  }
}

function send(reply: FastifyReply, { path, cacheControl, contentSecurityPolicy }: DashboardFile): FastifyReply {
  reply.header("cache-control", cacheControl);
  if (contentSecurityPolicy !== null) reply.header("content-security-policy", contentSecurityPolicy);
  return reply.sendFile(path);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
