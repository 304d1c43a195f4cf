import { Injectable } from "@nestjs/common";
import type { ExportManifest } from "@switchyard/api-contract/reports";

const mostKept = 500;

/** Manifests of files that were downloaded to their end, by who downloaded them and the name that they gave the download. */
@Injectable()
export class WrittenExports {
  readonly #manifests = new Map<string, ExportManifest>();

  /** The oldest one is forgotten where there are too many. */
  keep(actorId: string, download: string, manifest: ExportManifest): void {
    const key = keyOf(actorId, download);
    this.#manifests.delete(key);
    this.#manifests.set(key, manifest);
    const [oldest] = this.#manifests.keys();
    if (this.#manifests.size > mostKept && oldest !== undefined) this.#manifests.delete(oldest);
  }

  find(actorId: string, download: string): ExportManifest | null {
    return this.#manifests.get(keyOf(actorId, download)) ?? null;
  }
}

function keyOf(actorId: string, download: string): string {
  return JSON.stringify([actorId, download]);
}
