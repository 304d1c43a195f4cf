import { claimKeyOf, openAnswer, requestDigests, sealAnswer, type ClaimName } from "@switchyard/secrets/sealed-answer";
import type { MasterKeyring } from "@switchyard/secrets/master-key";
import type { Call } from "../accept/call.ts";
import { isErrorCode } from "../errors/error-registry.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { Caller } from "../identity/caller.ts";
import type { RequestBody } from "../parse/parse-json-object.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import { AnswerCopy, CopyRoom, type CopiedAnswer } from "./answer-copy.ts";
import { outcomeOf, type CallOutcome } from "./call-outcome.ts";
import type { ClaimEnds } from "./claim-ends.ts";
import type { ClaimWatch } from "./claim-watch.ts";
import type { ClaimEnd, ClaimStore, StoredClaim } from "./claim.repository.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { inUse, waitFor } from "./patience.ts";
import { RetentionAllowance } from "./retention-allowance.ts";
import { RunningClaim } from "./running-claim.ts";

const copyBytes = 64 * 1024 * 1024;
const mostWaiting = 1_000;

/**
 * Serves a call that carries an Idempotency-Key once, whichever process its retries come to. The key is taken in the
 * database before anything is spent; a retry waits for the call that has it, and is told how that ended.
 */
export class IdempotencyClaims {
  readonly #keyring: MasterKeyring;
  readonly #store: ClaimStore;
  readonly #ends: ClaimEnds;
  readonly #watch: ClaimWatch;
  readonly #room = new CopyRoom(copyBytes);
  readonly #allowance = new RetentionAllowance();
  /** Calls of this process, until the database knows their end. */
  readonly #running = new Map<string, RunningClaim>();
  #waiting = 0;

  constructor(keyring: MasterKeyring, store: ClaimStore, ends: ClaimEnds, watch: ClaimWatch) {
    this.#keyring = keyring;
    this.#store = store;
    this.#ends = ends;
    this.#watch = watch;
  }

  /**
   * Null: the call has the key now and is to be served. Otherwise how an earlier call with this key ended. Throws
   * GatewayError: invalid_header, idempotency_key_reused, idempotency_key_in_use, idempotency_unavailable,
   * client_closed_request.
   */
  async enter(call: Call, caller: Caller, policy: ActivePolicy, body: RequestBody): Promise<CallOutcome | null> {
    const name = {
      virtualKeyId: caller.virtualKeyId,
      endpoint: call.request.url?.split("?", 1)[0] ?? "",
      idempotencyKey: readIdempotencyKey(call),
    };
    const claimKey = claimKeyOf(name);
    const digests = requestDigests(this.#keyring, name, digestedParts(body));
    for (;;) {
      const running = this.#running.get(claimKey.toString("hex"));
      const known =
        running === undefined
          ? await this.#take(call, name, claimKey, digests, !policy.zeroRetentionProjects.has(caller.projectId))
          : await this.#attach(call, running, digests);
      if (known !== "freed") return known;
    }
  }

  /** A call of this process has the key. */
  async #attach(call: Call, running: RunningClaim, digests: readonly string[]): Promise<CallOutcome | "freed"> {
    requireSameRequest(running.requestDigest, digests);
    const ended = await this.#wait(call, running.ended);
    if (ended !== null) return ended;
    // Until then the key is still found here, and asking again at once would be asking for ever.
    await this.#wait(call, running.forgotten);
    return "freed";
  }

  async #take(
    call: Call,
    name: ClaimName,
    claimKey: Buffer,
    digests: readonly [string, ...string[]],
    keepsAnswer: boolean,
  ): Promise<CallOutcome | "freed" | null> {
    const claim = new RunningClaim(digests[0], new AnswerCopy(this.#room), (ended) => {
      this.#end(ended, name, claimKey, claim, keepsAnswer);
    });
    this.#running.set(claimKey.toString("hex"), claim);
    const found = await this.#takeInDatabase(call, claimKey, claim);
    if (found?.requestId === call.requestId) {
      call.claim = claim;
      return null;
    }
    this.#forget(claimKey, claim, null);
    if (found === null) return "freed";
    requireSameRequest(found.requestDigest, digests);
    const ended = found.state === "running" ? await this.#follow(call, claimKey) : found;
    return ended === null ? "freed" : this.#read(name, ended);
  }

  async #takeInDatabase(call: Call, claimKey: Buffer, claim: RunningClaim): Promise<StoredClaim | null> {
    try {
      return await this.#store.take(claimKey, call.requestId, claim.requestDigest);
    } catch (cause) {
      this.#forget(claimKey, claim, null);
      // It may have been taken all the same.
      this.#ends.add({ claimKey, requestId: call.requestId, outcome: null }, () => undefined);
      const text = "Whether this Idempotency-Key was used before cannot be told at the moment.";
      throw new GatewayError("idempotency_unavailable", text, { retryAfterSeconds: 2, cause });
    }
  }

  async #follow(call: Call, claimKey: Buffer): Promise<StoredClaim | null> {
    const following = this.#watch.follow(claimKey);
    try {
      return await this.#wait(call, following.ended);
    } finally {
      following.leave();
    }
  }

  async #wait<Ended>(call: Call, ended: Promise<Ended>): Promise<Ended> {
    if (this.#waiting >= mostWaiting) throw inUse();
    this.#waiting += 1;
    try {
      return await waitFor(call, ended);
    } finally {
      this.#waiting -= 1;
    }
  }

  #read(name: ClaimName, stored: StoredClaim): CallOutcome {
    const { requestId, state, errorCode, contentType, sealedAnswer } = stored;
    if (state === "failed" && isErrorCode(errorCode)) return { kind: "failed", requestId, errorCode };
    if (state !== "answered") return { kind: "lost", requestId };
    const body = sealedAnswer === null ? null : openAnswer(this.#keyring, name, requestId, sealedAnswer);
    return {
      kind: "answered",
      requestId,
      answer: body === null || contentType === null ? null : { contentType, body },
    };
  }

  #end(call: Call, name: ClaimName, claimKey: Buffer, claim: RunningClaim, keepsAnswer: boolean): void {
    const outcome = outcomeOf(call, claim.copy.whole);
    claim.copy.drop();
    const { requestId } = call;
    const answer = outcome?.kind === "answered" && keepsAnswer ? outcome.answer : null;
    const end = { claimKey, requestId, outcome: outcome && this.#toStore(name, outcome, answer) };
    // Whoever waits at this moment may have the answer in any case; who comes later, only where it is retained.
    if (!keepsAnswer) this.#forget(claimKey, claim, outcome);
    else claim.resolve(outcome);
    this.#ends.add(end, () => this.#forget(claimKey, claim, outcome));
  }

  #toStore(name: ClaimName, outcome: CallOutcome, answer: CopiedAnswer | null): NonNullable<ClaimEnd["outcome"]> {
    const isAllowed = answer !== null && this.#allowance.tryTake(answer.body.byteLength, Date.now());
    return {
      state: outcome.kind === "answered" ? "answered" : "failed",
      errorCode: outcome.kind === "failed" ? outcome.errorCode : null,
      contentType: answer?.contentType ?? null,
      sealedAnswer: isAllowed ? sealAnswer(this.#keyring, name, outcome.requestId, answer.body) : null,
    };
  }

  #forget(claimKey: Buffer, claim: RunningClaim, outcome: CallOutcome | null): void {
    const id = claimKey.toString("hex");
    if (this.#running.get(id) === claim) this.#running.delete(id);
    claim.resolve(outcome);
    claim.forget();
  }
}

function requireSameRequest(digest: string, digests: readonly string[]): void {
  if (digests.includes(digest)) return;
  throw new GatewayError("idempotency_key_reused", "This Idempotency-Key was used for a request with another body.", {
    param: "idempotency-key",
  });
}

/** A form's parts without what separates them: an SDK that sends it again makes up another separator. */
function digestedParts({ bytes, form }: RequestBody): readonly Uint8Array[] {
  if (form === undefined) return [bytes];
  return form.parts.flatMap(({ name, start, end }) => [Buffer.from(name), bytes.subarray(start, end)]);
}
