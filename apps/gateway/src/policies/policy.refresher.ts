import type { Logger } from "@switchyard/telemetry/logger";
import { activateRevision, type PublishedRevision } from "./activate-revision.ts";
import type { LastGoodSnapshot } from "./last-good-snapshot.ts";
import type { PolicyAnnouncements } from "./policy-announcements.repository.ts";
import type { PolicyHead, PolicyLoaderRepository } from "./policy-loader.repository.ts";
import type { PolicyStore } from "./policy.store.ts";

export interface PolicyRefresherOptions {
  readonly pollEveryMs: number;
  /** How long a starting process waits for the database before it starts from disk. */
  readonly bootPatienceMs: number;
  readonly onRefused: () => void;
}

/**
 * Keeps the running policy current: a poll that needs nothing to work, made quick by announcements. Both only say
 * "look"; what is run is always what the database holds. Any number of announcements while a look is under way cost one
 * more look, so a storm of publications is constant work.
 */
export class PolicyRefresher {
  readonly #store: PolicyStore;
  readonly #loader: PolicyLoaderRepository;
  readonly #snapshot: LastGoodSnapshot;
  readonly #announcements: PolicyAnnouncements;
  readonly #logger: Logger;
  readonly #options: PolicyRefresherOptions;
  #running: PolicyHead | null = null;
  #refused: PolicyHead | null = null;
  #look: Promise<void> | null = null;
  #lookAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isDatabaseAway = false;

  constructor(
    store: PolicyStore,
    loader: PolicyLoaderRepository,
    snapshot: LastGoodSnapshot,
    announcements: PolicyAnnouncements,
    logger: Logger,
    options: PolicyRefresherOptions,
  ) {
    this.#store = store;
    this.#loader = loader;
    this.#snapshot = snapshot;
    this.#announcements = announcements;
    this.#logger = logger;
    this.#options = options;
  }

  /** Resolves when a policy runs, or when it is clear that there is none yet. */
  async start(): Promise<void> {
    const firstLook = this.refresh();
    await Promise.race([firstLook, patience(this.#options.bootPatienceMs)]);
    if (this.#store.current === null) await this.#startFromDisk();
    this.#announcements.start(() => void this.refresh());
    this.#scheduleNextLook();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#announcements.stop();
    await this.#look;
  }

  /** Looks at the database now, or once more after the look that is under way. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#look !== null) {
      this.#lookAgain = true;
      return this.#look;
    }
    this.#look = this.#lookUntilQuiet().finally(() => {
      this.#look = null;
    });
    return this.#look;
  }

  async #lookUntilQuiet(): Promise<void> {
    do {
      this.#lookAgain = false;
      await this.#lookOnce();
    } while (this.#lookAgain && !this.#isStopped);
  }

  async #lookOnce(): Promise<void> {
    try {
      const head = await this.#loader.head();
      this.#noteDatabase(true);
      if (head === null) return;
      if (isSame(head, this.#running)) return this.#store.confirm(Date.now());
      if (isSame(head, this.#refused)) return;
      const published = await this.#loader.revision(head.number);
      if (published !== null) await this.#take(published);
    } catch (error) {
      this.#noteDatabase(false, error);
    }
  }

  async #take(published: PublishedRevision): Promise<void> {
    if (!this.#activate(published)) return;
    this.#store.confirm(Date.now());
    await this.#snapshot
      .write(published)
      .catch((error: unknown) => this.#logger.error({ err: error }, "the policy snapshot could not be written"));
  }

  async #startFromDisk(): Promise<void> {
    const published = await this.#snapshot.read();
    // The database may have answered while the file was being read; it is right.
    if (published === null || this.#store.current !== null) return;
    if (this.#activate(published)) {
      this.#logger.warn({ revision: published.number }, "started from the policy snapshot on disk");
    }
  }

  #activate(published: PublishedRevision): boolean {
    const activation = activateRevision(published);
    if (activation.kind === "refused") {
      this.#refused = published;
      this.#store.refuse({ revision: published.number, problems: activation.problems });
      this.#options.onRefused();
      this.#logger.error(
        { revision: published.number, problems: activation.problems, running: this.#store.current?.number ?? null },
        "a policy revision was refused; the last good one keeps running",
      );
      return false;
    }
    this.#running = { number: published.number, sha256: published.sha256 };
    this.#refused = null;
    this.#store.swap(activation.policy);
    this.#logger.info({ revision: published.number }, "policy revision in force");
    return true;
  }

  #noteDatabase(isThere: boolean, error?: unknown): void {
    if (isThere !== this.#isDatabaseAway) return;
    this.#isDatabaseAway = !isThere;
    if (isThere) this.#logger.info("the database answers again; policy is current");
    else this.#logger.warn({ err: error }, "the database does not answer; serving from the last good policy");
  }

  #scheduleNextLook(): void {
    if (this.#isStopped) return;
    // Jitter keeps the processes of a fleet, and fleets after an outage, from asking in step.
    const delayMs = this.#options.pollEveryMs * (0.8 + Math.random() * 0.4);
    this.#timer = setTimeout(() => void this.refresh().then(() => this.#scheduleNextLook()), delayMs).unref();
  }
}

function isSame(head: PolicyHead, other: PolicyHead | null): boolean {
  return other !== null && head.number === other.number && head.sha256 === other.sha256;
}

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
