import cluster from "node:cluster";
import { isMessage, type FleetRequest, type MetricSnapshot, type OwnAnswer } from "./cluster-messages.ts";
import type { Metrics } from "./metrics.ts";

// Part of the wait is left for the primary's answer to travel back.
const shareForPrimary = 0.8;

/** A worker process's part in the metrics of its fleet. */
export interface FleetMetrics {
  /**
   * The sum over all workers in Prometheus text format. Where the primary does not answer within `timeoutMs`, or there is
   * none, these are the metrics of this process alone; in the first case a comment line says so. Never rejects.
   */
  requestFleetMetrics(timeoutMs: number): Promise<string>;
  /** Hands the last counts to the primary before this process ends, and stops listening. */
  leave(): Promise<void>;
}

/** Makes this process answer the primary's metrics requests; call it once in each cluster worker, or in a lone process. */
export function joinClusterMetrics(metrics: Metrics): FleetMetrics {
  const waiting = new Map<number, (text: string) => void>();
  let lastId = 0;

  async function sendOwn(id: number): Promise<void> {
    const snapshot = (await metrics.registry.getMetricsAsJSON()) as MetricSnapshot;
    await sendToPrimary({ kind: "switchyard:own-metrics", id, snapshot });
  }

  function onMessage(message: unknown): void {
    if (isMessage(message, "switchyard:own-metrics-request")) {
      // The primary goes on without an answer, with what it had.
      sendOwn(message.id).catch(() => undefined);
    } else if (isMessage(message, "switchyard:fleet-metrics")) {
      waiting.get(message.id)?.(message.text);
    }
  }

  function askPrimary(timeoutMs: number): Promise<string | undefined> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      const finish = (text: string | undefined): void => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(text);
      };
      const timer = setTimeout(finish, timeoutMs, undefined);
      waiting.set(id, finish);
      const request = { kind: "switchyard:fleet-metrics-request", id, timeoutMs: timeoutMs * shareForPrimary } as const;
      sendToPrimary(request).catch(() => finish(undefined));
    });
  }

  process.on("message", onMessage);
  return {
    async requestFleetMetrics(timeoutMs) {
      if (!cluster.isWorker) return metrics.exposition();
      const answer = await askPrimary(timeoutMs);
      return (
        answer ??
        `# The fleet did not answer in time: metrics of process ${process.pid} alone.\n${await metrics.exposition()}`
      );
    },
    async leave() {
      process.off("message", onMessage);
      if (process.connected) await sendOwn(0).catch(() => undefined);
    },
  };
}

function sendToPrimary(message: FleetRequest | OwnAnswer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined || !process.connected) return reject(new Error("there is no primary process"));
    process.send(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}
