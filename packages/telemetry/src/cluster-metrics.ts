import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";
import { isMessage, type FleetAnswer, type MetricSnapshot, type OwnRequest } from "./cluster-messages.ts";

interface PendingGathering {
  readonly missing: Set<number>;
  readonly finish: () => void;
}

/**
 * Answers the fleet-metrics requests of cluster workers; call it once in the cluster's primary. Each answer is the sum over
 * all workers. What ended workers had counted stays in the sum: Prometheus would take a counter that falls for a restart
 * and count the remainder a second time. `stop` detaches it.
 */
export function serveClusterMetrics(): { stop(): void } {
  const latest = new Map<number, MetricSnapshot>();
  const pending = new Map<number, PendingGathering>();
  let retired: MetricSnapshot = [];
  let retiring = Promise.resolve();
  let lastId = 0;

  async function gather(timeoutMs: number): Promise<string> {
    const asked = connectedWorkers();
    const missing = new Set(asked.map((worker) => worker.id));
    await answersOf(asked, missing, timeoutMs);
    await retiring;
    const text = await sumOf([retired, ...latest.values()]).metrics();
    if (missing.size === 0) return text;
    return `# ${missing.size} of ${asked.length} processes did not answer in time: their previous values are used.\n${text}`;
  }

  function answersOf(asked: readonly Worker[], missing: Set<number>, timeoutMs: number): Promise<void> {
    if (missing.size === 0) return Promise.resolve();
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        pending.delete(id);
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      pending.set(id, { missing, finish });
      for (const worker of asked) send(worker, { kind: "switchyard:own-metrics-request", id });
    });
  }

  function settle(gathering: PendingGathering | undefined, worker: Worker): void {
    if (gathering?.missing.delete(worker.id) === true && gathering.missing.size === 0) gathering.finish();
  }

  function onMessage(worker: Worker, message: unknown): void {
    if (isMessage(message, "switchyard:own-metrics")) {
      latest.set(worker.id, message.snapshot);
      settle(pending.get(message.id), worker);
    } else if (isMessage(message, "switchyard:fleet-metrics-request")) {
      const { id, timeoutMs } = message;
      gather(timeoutMs).then(
        (text) => send(worker, { kind: "switchyard:fleet-metrics", id, text }),
        // Without an answer the worker falls back to its own metrics.
        () => undefined,
      );
    }
  }

  function onExit(worker: Worker): void {
    for (const gathering of pending.values()) settle(gathering, worker);
    retiring = retiring.then(async () => {
      const last = latest.get(worker.id);
      if (last === undefined) return;
      retired = (await sumOf([retired, last.filter(isCumulative)]).getMetricsAsJSON()) as MetricSnapshot;
      latest.delete(worker.id);
    });
  }

  cluster.on("message", onMessage);
  cluster.on("exit", onExit);
  return {
    stop() {
      cluster.off("message", onMessage);
      cluster.off("exit", onExit);
    },
  };
}

function connectedWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker?.isConnected() === true);
}

function sumOf(snapshots: MetricSnapshot[]): Registry {
  return AggregatorRegistry.aggregate(snapshots);
}

// A gauge dies with its process; what was counted did happen.
function isCumulative(metric: object): boolean {
  return "type" in metric && (metric.type === "counter" || metric.type === "histogram");
}

function send(worker: Worker, message: OwnRequest | FleetAnswer): void {
  // A worker may go away at any moment; the deadline of whoever waits covers that.
  worker.send(message, () => undefined);
}
