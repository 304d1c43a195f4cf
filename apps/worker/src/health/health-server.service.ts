import { createServer, type Server } from "node:http";
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { loggerToken } from "../logging.ts";
import { DatabaseHealthRepository } from "./database-health.repository.ts";
import { WorkerMetrics } from "./worker-metrics.ts";

export class HealthServerOptions {
  constructor(
    readonly host: string,
    readonly port: number,
  ) {}
}

/** /livez, /readyz and /metrics; the worker answers nothing else. */
@Injectable()
export class HealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  #server: Server | null = null;

  constructor(
    private readonly options: HealthServerOptions,
    private readonly database: DatabaseHealthRepository,
    private readonly metrics: WorkerMetrics,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#answer(request.url ?? "/").then(({ status, body, type }) => {
        response.writeHead(status, { "content-type": type }).end(body);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.options.port, this.options.host, resolve);
    });
    this.#server = server;
    this.logger.info({ host: this.options.host, port: this.options.port }, "worker is up");
  }

  onApplicationShutdown(): void {
    this.#server?.close();
  }

  async #answer(url: string): Promise<{ status: number; body: string; type: string }> {
    const path = url.split("?")[0];
    if (path === "/livez") return plain(200, "ok");
    if (path === "/readyz")
      return (await this.database.answers()) ? plain(200, "ok") : plain(503, "database unreachable");
    if (path === "/metrics") {
      return { status: 200, body: await this.metrics.exposition(), type: "text/plain; version=0.0.4; charset=utf-8" };
    }
    return plain(404, "not found");
  }
}

function plain(status: number, body: string) {
  return { status, body: `${body}\n`, type: "text/plain; charset=utf-8" };
}
