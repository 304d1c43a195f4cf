/**
 * Settles what earlier boots left behind, in the background of the new one. For each of them: the attempts that were
 * never closed are closed at their holds, everything is shipped again until the ledger has it, and then the rest of that
 * boot's leases goes back. Each step can be repeated after another crash.
 */
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@switchyard/telemetry/logger";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";
import type { IngestedBatches } from "./ingested-batches.repository.ts";
import { deleteSegment } from "./journal-directory.ts";
import { segmentHeader, segmentName, type JournalSegment } from "./journal-segment.ts";
import { JournalShipper, type JournalShipperOptions } from "./journal-shipper.ts";
import { scanBoot, type ScannedBoot } from "./scan-boot.ts";
import type { UsageQueue } from "./usage-queue.repository.ts";

export interface JournalReplayOptions {
  readonly identity: GatewayProcessIdentity;
  readonly kernelBootId: string | null;
  /** What the folder held at the start, oldest first. */
  readonly segments: readonly JournalSegment[];
  readonly queue: UsageQueue;
  readonly ingested: IngestedBatches;
  /** Counts a file as gone and deletes it. */
  readonly remove: (segment: JournalSegment) => void;
  /** Gives the leases of an earlier boot back; throws while that is not possible. */
  readonly releaseBoot: (bootId: string) => Promise<void>;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  readonly shipper?: Pick<JournalShipperOptions, "everyMs" | "acknowledgeEveryMs" | "resendAfterMs">;
  readonly retryMs?: number;
}

export class JournalReplay {
  readonly #options: JournalReplayOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #isDone = false;

  constructor(options: JournalReplayOptions) {
    this.#options = options;
  }

  /** Whether nothing of earlier boots is left. */
  get isDone(): boolean {
    return this.#isDone;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends after the step that is under way; the next start goes on from there. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (const [bootId, segments] of Map.groupBy(this.#options.segments, (segment) => segment.bootId)) {
      await this.#replay(bootId, segments);
      if (this.#stop.signal.aborted) return;
    }
    this.#isDone = true;
  }

  async #replay(bootId: string, segments: readonly JournalSegment[]): Promise<void> {
    const { kernelBootId, logger, remove, releaseBoot } = this.#options;
    const closed = await this.#untilDone(bootId, async () => {
      const scanned = await scanBoot(segments, Date.now());
      return { scanned, last: await this.#writeClosings(bootId, segments, scanned) };
    });
    if (closed === null) return;
    const { scanned, last } = closed;
    logger.info({ bootId, files: segments.length, closings: scanned.closings.length }, "replaying an earlier boot");
    // The last file stays until the leases are back: after another crash it is what tells of this boot.
    await this.#ship(bootId, [...segments, last], (segment) => {
      if (segment !== last) remove(segment);
    });
    const machineBoot = scanned.header?.kernelBootId ?? null;
    if (machineBoot === null || machineBoot === kernelBootId) {
      await this.#untilDone(bootId, () => releaseBoot(bootId));
    } else {
      // The end of the journal may have been lost with the machine: what was leased stays counted as used.
      logger.warn({ bootId }, "the machine was restarted: leases of the earlier boot stay unreconciled");
    }
    if (!this.#stop.signal.aborted) deleteSegment(last);
  }

  /** Repeats until it succeeds; null when the process stops first. */
  async #untilDone<T>(bootId: string, work: () => Promise<T>): Promise<T | null> {
    const { logger, retryMs = 2_000 } = this.#options;
    for (let failures = 0; !this.#stop.signal.aborted; failures += 1) {
      try {
        return await work();
      } catch (error) {
        if (failures === 0) logger.warn({ err: error, bootId }, "an earlier boot is not settled yet");
        await this.#sleep(retryMs * (0.5 + Math.random()));
      }
    }
    return null;
  }

  async #ship(bootId: string, files: JournalSegment[], remove: (segment: JournalSegment) => void): Promise<void> {
    const { identity, queue, ingested, logger, shipper: timing } = this.#options;
    const shipper = new JournalShipper({
      ...timing,
      gatewayId: identity.gatewayId,
      bootId,
      source: {
        segments: () => [...files],
        remove: (segment) => {
          remove(segment);
          files.splice(files.indexOf(segment), 1);
        },
        seal: () => undefined,
      },
      queue,
      ingested,
      logger,
    });
    shipper.start();
    while (!shipper.isDone && !this.#stop.signal.aborted) await this.#sleep(50);
    await shipper.stop();
  }

  /** Writes what closes the boot's journal as its last file, on the disk before it is relied upon. */
  async #writeClosings(
    bootId: string,
    segments: readonly JournalSegment[],
    scanned: ScannedBoot,
  ): Promise<JournalSegment> {
    const { identity, kernelBootId } = this.#options;
    const lastSequence = Math.max(...segments.map(({ sequence }) => sequence));
    const boot: GatewayProcessIdentity = {
      ...identity,
      bootId,
      startedAtMs: scanned.header?.startedAtMs ?? identity.startedAtMs,
    };
    const header = scanned.header ?? segmentHeader(boot, kernelBootId);
    const path = join(dirname(segments[0]?.path ?? ""), segmentName(boot, lastSequence + 1));
    const text = [header, ...scanned.closings].map((record) => `${JSON.stringify(record)}\n`).join("");
    const file = await open(path, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    return {
      path,
      bootId,
      sequence: lastSequence + 1,
      writtenBytes: Buffer.byteLength(text),
      isSealed: true,
      openHolds: 0,
    };
  }

  async #sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds, null, { signal: this.#stop.signal }).catch(() => null);
  }
}
