import { type ConnectionProbe, type ProbeOutcome, whyProbe } from "@switchyard/policy-engine/health/probe";
import type { PolicyConnection } from "@switchyard/policy-engine/policy/policy-revision";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { PolicyStore } from "../policies/policy.store.ts";
import type { HealthMap } from "../routing/health-map.ts";
import type { SetAsideMemory } from "../routing/set-aside.memory.ts";
import type { CredentialVault } from "../upstream/credential-vault.ts";
import type { UpstreamClient } from "../upstream/upstream-client.ts";
import { askModelList } from "./model-list.ts";
import type { IdleConnection, ProbeTurn } from "./probe.repository.ts";

const everyMs = 500;
/** Idle connections are looked for about so often, at another moment in each process. */
const idleEveryMs = 5_000;
const mostAtOnce = 8;
const credentialForMs = 60_000;

export interface ProbeTurns {
  take(idle: readonly IdleConnection[]): Promise<readonly ProbeTurn[]>;
  end(connectionId: string, outcome: ProbeOutcome): Promise<void>;
}

/** What a prober needs of the rest of the process. */
export interface ProberParts {
  readonly policies: PolicyStore;
  readonly health: HealthMap;
  readonly setAside: SetAsideMemory;
  readonly vault: CredentialVault;
  readonly client: UpstreamClient;
  readonly turns: ProbeTurns;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Asks connections that want it for their model list, off the path of calls. One that could not be reached is tried by each
 * process for itself, in place of a caller; one that is idle by one process of all, and the others take its word.
 */
export class ConnectionProber {
  readonly #parts: ProberParts;
  readonly #probes;
  readonly #lastAtMs = new Map<string, number>();
  readonly #underWay = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #idleAtMs = performance.now() + Math.random() * idleEveryMs;
  #taking: Promise<void> | null = null;

  constructor(parts: ProberParts) {
    this.#parts = parts;
    this.#probes = parts.metrics.counter("switchyard_connection_probes_total");
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), everyMs).unref();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await Promise.all([...this.#underWay.values(), this.#taking]);
  }

  /** Begins what is due. `isIdleTurn`: also looks for idle connections; by itself it does so every five seconds. */
  look(isIdleTurn = performance.now() >= this.#idleAtMs): void {
    const policy = this.#parts.policies.current;
    if (policy === null) return;
    const { connections, nowMs } = this.#parts.health.facts();
    const idle: IdleConnection[] = [];
    for (const connection of policy.revision.connections) {
      const probe = probeOf(connection);
      if (probe === null || this.#underWay.has(connection.connectionId)) continue;
      const { connectionId } = connection;
      const why = whyProbe(connections.get(connectionId), probe, this.#lastAtMs.get(connectionId) ?? null, nowMs);
      if (why === "trial") this.#begin(policy, connection, false);
      else if (why === "idle") idle.push({ connectionId, afterIdleSeconds: probe.afterIdleSeconds });
    }
    if (!isIdleTurn) return;
    this.#idleAtMs = performance.now() + idleEveryMs * (0.75 + Math.random() / 2);
    if (idle.length > 0) this.#taking ??= this.#take(policy, idle).finally(() => (this.#taking = null));
  }

  async #take(policy: ActivePolicy, idle: readonly IdleConnection[]): Promise<void> {
    try {
      for (const { connectionId, isTaken, found } of await this.#parts.turns.take(idle)) {
        const connection = policy.connectionsById.get(connectionId);
        if (connection === undefined) continue;
        if (isTaken) this.#begin(policy, connection, true);
        else if (found !== null) {
          this.#parts.health.noteProbe(connectionId, found.outcome);
          this.#lastAtMs.set(connectionId, performance.now() - found.msAgo);
        }
      }
    } catch (error) {
      // Nobody can say whose turn it is, so it is nobody's; callers find out as they would without probes.
      this.#parts.logger.debug({ err: error }, "idle connections were not probed");
    }
  }

  #begin(policy: ActivePolicy, connection: PolicyConnection, isForAll: boolean): void {
    if (this.#underWay.size >= mostAtOnce) return;
    const { connectionId } = connection;
    this.#parts.health.beginProbe(connectionId);
    const probe = this.#probe(policy, connection, isForAll).finally(() => this.#underWay.delete(connectionId));
    this.#underWay.set(connectionId, probe);
  }

  async #probe(policy: ActivePolicy, connection: PolicyConnection, isForAll: boolean): Promise<void> {
    const { health, setAside, logger, turns } = this.#parts;
    const { connectionId, name } = connection;
    try {
      const probed = await this.#openConnection(policy, connection);
      const outcome = probed === null ? "credential_rejected" : await askModelList(this.#parts.client, probed);
      this.#lastAtMs.set(connectionId, performance.now());
      health.noteProbe(connectionId, outcome);
      this.#probes.with({ connection: name, outcome }).inc();
      if (outcome === "credential_rejected" && probed?.credential) {
        setAside.add({ credentialId: probed.credential.credentialId, forMs: credentialForMs }, Date.now());
      }
      if (outcome !== "reachable") logger.warn({ connectionId, outcome }, "a probe found a connection in trouble");
      if (isForAll) await turns.end(connectionId, outcome);
    } catch (error) {
      logger.debug({ err: error, connectionId }, "what a probe found was not kept");
    }
  }

  /** With a credential that is not set aside; null where it needs one and has none. */
  async #openConnection(policy: ActivePolicy, connection: PolicyConnection) {
    const { vault, setAside } = this.#parts;
    const codec = policy.codecsByConnectionId.get(connection.connectionId);
    if (codec === undefined) return null;
    const nowMs = Date.now();
    const usable = vault
      .open(policy.revision.organisation.organisationId, connection)
      .filter(({ credentialId }) => !setAside.has(credentialId, nowMs));
    const [credential = null] = usable;
    if (credential === null) {
      const needsOne = codec.manifest.needsCredential || connection.credentials.length > 0;
      return needsOne ? null : { connection, codec, credential: null, issued: null };
    }
    const issued = credential.longLived === null ? null : await vault.issue(credential, credential.longLived, nowMs);
    if (credential.longLived !== null && issued === null) return null;
    return { connection, codec, credential, issued };
  }
}

function probeOf({ enabled, drained, probe }: PolicyConnection): ConnectionProbe | null {
  return enabled && drained !== true ? (probe ?? null) : null;
}
