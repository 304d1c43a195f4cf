/*
 * A small gateway fleet for the cluster test: run as a child process it is the primary, and it forks the workers. The test
 * steers it with messages; worker messages are relayed.
 */
import cluster from "node:cluster";
import { serveClusterMetrics } from "../src/cluster-metrics.ts";
import { joinClusterMetrics } from "../src/fleet-metrics.ts";
import { createMetrics } from "../src/metrics.ts";

export type FleetOrder =
  | { readonly order: "fork" }
  | { readonly order: "stop-serving" }
  | { readonly order: "signal"; readonly worker: number; readonly signal: NodeJS.Signals }
  | { readonly order: "count"; readonly worker: number; readonly amount: number }
  | { readonly order: "scrape"; readonly worker: number; readonly timeoutMs: number }
  | { readonly order: "leave"; readonly worker: number };

export interface FleetReport {
  readonly report: "forked" | "stopped" | "signalled" | "exited" | "counted" | "scraped" | "left";
  readonly worker?: number;
  readonly text?: string;
}

function isReport(message: unknown): message is FleetReport {
  return typeof message === "object" && message !== null && "report" in message;
}

function runPrimary(): void {
  const serving = serveClusterMetrics();
  const report = (message: FleetReport): void => void process.send?.(message);
  cluster.on("online", (worker) => report({ report: "forked", worker: worker.id }));
  cluster.on("exit", (worker) => report({ report: "exited", worker: worker.id }));
  cluster.on("message", (_worker, message: unknown) => {
    if (isReport(message)) report(message);
  });
  process.on("message", (message: FleetOrder) => {
    if (message.order === "fork") {
      cluster.fork();
    } else if (message.order === "stop-serving") {
      serving.stop();
      report({ report: "stopped" });
    } else if (message.order === "signal") {
      cluster.workers?.[message.worker]?.process.kill(message.signal);
      report({ report: "signalled", worker: message.worker });
    } else {
      cluster.workers?.[message.worker]?.send(message);
    }
  });
  process.on("disconnect", () => process.exit(0));
}

function runWorker(): void {
  const worker = cluster.worker?.id ?? 0;
  const metrics = createMetrics();
  const fleet = joinClusterMetrics(metrics);
  const report = (message: FleetReport): void => void process.send?.({ ...message, worker });
  metrics.gauge("switchyard_open_streams").with().set(worker);
  metrics
    .gauge("switchyard_policy_revision")
    .with()
    .set(100 + worker);
  metrics.gauge("switchyard_policy_snapshot_age_seconds").with().set(worker);
  process.on("message", (message: FleetOrder) => {
    if (message.order === "count") {
      metrics.counter("switchyard_lease_refills_total").with({ result: "granted" }).inc(message.amount);
      metrics.histogram("switchyard_gateway_overhead_seconds").with().observe(0.002);
      report({ report: "counted" });
    } else if (message.order === "scrape") {
      void fleet.requestFleetMetrics(message.timeoutMs).then((text) => report({ report: "scraped", text }));
    } else if (message.order === "leave") {
      void fleet.leave().then(() => {
        report({ report: "left" });
        process.disconnect?.();
      });
    }
  });
}

if (cluster.isPrimary) runPrimary();
else runWorker();
