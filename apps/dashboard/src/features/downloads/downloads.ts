/** Downloads under way and over. They outlive the page that began them, so they are nobody's React state. */
import { downloadFile, saveFile, type DownloadProgress, type FileToDownload } from "./download-file.ts";

export interface Download extends DownloadProgress {
  readonly id: number;
  readonly title: string;
  readonly file: FileToDownload;
  /** Where its manifest is to be had, once it is saved. */
  readonly manifestUrl: string;
  /** Null until it is known, and where it is not to be known. */
  readonly expectedRecords: number | null;
  readonly countRecords: (signal: AbortSignal) => Promise<number>;
  readonly state: "running" | "saved" | "failed" | "cancelled";
  readonly problem: string | null;
}

export type DownloadRequest = Pick<Download, "title" | "file" | "manifestUrl" | "countRecords">;

const fresh = { bytes: 0, records: null, state: "running", problem: null } as const;
/** As often as anybody can read it. */
const tellEveryMs = 100;

class Downloads {
  #list: readonly Download[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #abortions = new Map<number, AbortController>();
  #lastId = 0;

  readonly list = (): readonly Download[] => this.#list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(request: DownloadRequest): void {
    this.#lastId += 1;
    const download: Download = { ...request, ...fresh, id: this.#lastId, expectedRecords: null };
    this.#set([...this.#list, download]);
    void this.#run(download);
  }

  /** From its beginning: what it covers may have changed meanwhile, and half of each is no file. */
  retry(id: number): void {
    this.#change(id, fresh);
    const download = this.#list.find((one) => one.id === id);
    if (download !== undefined) void this.#run(download);
  }

  cancel(id: number): void {
    this.#abortions.get(id)?.abort();
  }

  dismiss(id: number): void {
    this.cancel(id);
    this.#set(this.#list.filter((one) => one.id !== id));
  }

  async #run({ id, file, countRecords }: Download): Promise<void> {
    const abortion = new AbortController();
    this.#abortions.set(id, abortion);
    const { signal } = abortion;
    // Without it there is a download all the same, only nobody knows how long it takes.
    void countRecords(signal).then(
      (expectedRecords) => this.#change(id, { expectedRecords }),
      () => undefined,
    );
    let toldAt = 0;
    const onProgress = (progress: DownloadProgress): void => {
      if (performance.now() - toldAt < tellEveryMs) return;
      toldAt = performance.now();
      this.#change(id, progress);
    };
    try {
      let last: DownloadProgress = fresh;
      const saved = await downloadFile(file, (progress) => onProgress((last = progress)), signal);
      saveFile(saved);
      this.#change(id, { ...last, state: "saved" });
    } catch (error) {
      const problem = error instanceof Error ? error.message : "It broke off.";
      this.#change(id, signal.aborted ? { state: "cancelled" } : { state: "failed", problem });
    }
  }

  #change(id: number, fields: Partial<Download>): void {
    this.#set(this.#list.map((one) => (one.id === id ? { ...one, ...fields } : one)));
  }

  #set(list: readonly Download[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}

export const downloads = new Downloads();
