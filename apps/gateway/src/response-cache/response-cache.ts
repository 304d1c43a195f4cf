import type { Route } from "@switchyard/policy-engine/policy/route";
import { contentKey } from "@switchyard/secrets/content-key";
import type { SubKey } from "@switchyard/secrets/derive-key";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { Call } from "../accept/call.ts";
import type { Caller } from "../identity/caller.ts";
import type { CompleteAnswer } from "../upstream/complete-reader.ts";
import type { StreamAnswer } from "../upstream/stream-reader.ts";
import { AnswerMemory, type RememberedAnswer } from "./answer-memory.ts";

/** What a look-up found, and where to put the answer if it found none. */
export interface CacheLookup {
  readonly hit: RememberedAnswer | null;
  /** Null where the route does not cache. */
  readonly key: string | null;
}

const bypass: CacheLookup = { hit: null, key: null };

/**
 * Answers again what was answered before, byte for byte, on routes that opted in. The key is the exact request, tenant
 * first: another project, another route, another protocol or one different byte is another entry, and a stream never answers a call that
 * did not ask for one, because `stream` is part of the bytes.
 */
export class ResponseCache {
  readonly #cacheKey: SubKey<"cache-key">;
  readonly #memory: AnswerMemory;
  readonly #lookUps;

  constructor(cacheKey: SubKey<"cache-key">, memory: AnswerMemory, metrics: Metrics) {
    this.#cacheKey = cacheKey;
    this.#memory = memory;
    this.#lookUps = metrics.counter("switchyard_cache_requests_total");
  }

  find(call: Call, caller: Caller, route: Route, request: Uint8Array): CacheLookup {
    if (!route.responseCache.enabled) return bypass;
    const key = contentKey(
      this.#cacheKey,
      caller.projectId,
      route.routeId,
      `${call.kind} ${call.client.name}`,
      request,
    );
    const hit = this.#memory.get(key, Date.now());
    call.cache = hit === null ? "miss" : "hit";
    this.#lookUps.with({ route: route.name, result: call.cache }).inc();
    if (hit !== null) this.#recall(call, hit);
    return { hit, key };
  }

  /** Keeps a complete answer if it is one that may be given again. */
  keepComplete(call: Call, { key }: CacheLookup, answer: CompleteAnswer): void {
    const { verdict, empty, usage, finishReasons } = answer.response;
    const isWhole = verdict === "complete" && !empty && usage?.kind === "usable";
    if (key !== null && isWhole && finishReasons.every(isPlainStop)) this.#keep(call, key, answer.body);
  }

  /** The same for a stream, from the copy that its writer kept. */
  keepStream(call: Call, { key }: CacheLookup, answer: StreamAnswer, copy: Buffer | null): void {
    const isWhole = answer.verdict === "complete" && !answer.isEmpty && answer.hasUsableUsage && !call.isClientGone;
    if (key !== null && copy !== null && isWhole && answer.finishReasons.every(isPlainStop))
      this.#keep(call, key, copy);
  }

  #keep(call: Call, key: string, body: Uint8Array): void {
    if (call.route === null || call.connection === null || call.model === null) return;
    const { connectionId } = call.connection;
    const answer = { body, connectionId, modelId: call.model.modelId, costPicoUsd: call.costPicoUsd };
    this.#memory.set(key, answer, call.route.responseCache.ttlSeconds, Date.now());
  }

  #recall(call: Call, hit: RememberedAnswer): void {
    call.verdict = "complete";
    call.savedPicoUsd = hit.costPicoUsd;
    call.connection = call.policy?.connectionsById.get(hit.connectionId) ?? null;
    call.model = call.policy?.modelsById.get(hit.modelId) ?? null;
  }
}

// Tool calls, answers cut at their length and filtered ones are not given twice.
function isPlainStop(finishReason: string | null): boolean {
  return finishReason === "stop";
}
