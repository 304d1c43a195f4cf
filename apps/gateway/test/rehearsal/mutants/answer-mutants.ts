/** Bugs in what clients are told and sent. */
import { pinnedPriceVersion } from "@switchyard/metering/pinned-price-version";
import type { AttemptHolder } from "../../../src/admission/attempt-holder.ts";
import type { DatabaseReachability } from "../../../src/admission/database-reachability.ts";
import type { ChatStreamWriter } from "../../../src/chat/chat-response.writer.ts";
import type { GatewayError } from "../../../src/errors/gateway-error.ts";
import type { IdempotencyClaims } from "../../../src/idempotency/idempotency-claims.ts";
import type { CallerIdentifier } from "../../../src/identity/caller-identifier.ts";
import { builtClass, replaceMethod } from "./built-class.ts";

/** A model without a price costs nothing, and no budget stands in its way. */
export async function unpricedIsFree(): Promise<void> {
  const prototype = await builtClass<AttemptHolder>("admission/attempt-holder", "AttemptHolder");
  replaceMethod(prototype, "hold", (original, _self, call, quotas, attempt) => {
    const { model, connection } = attempt;
    const version = pinnedPriceVersion(model.prices, connection.connectionId, Date.now());
    return original(call, version === null ? { ...quotas, hardBudgets: [] } : quotas, attempt);
  });
}

/** Keys are not accepted while the database is away. */
export async function infrastructureAs401(): Promise<void> {
  const reachability = await builtClass<DatabaseReachability>(
    "admission/database-reachability",
    "DatabaseReachability",
  );
  const error = await builtClass<GatewayError>("errors/gateway-error", "GatewayError");
  const RefusedKey = error.constructor as typeof GatewayError;
  let isAway = false;
  replaceMethod(reachability, "reportFailure", (original) => {
    isAway = true;
    original();
  });
  replaceMethod(reachability, "reportAnswer", (original, _self, live) => {
    isAway = false;
    original(live);
  });
  const identifier = await builtClass<CallerIdentifier>("identity/caller-identifier", "CallerIdentifier");
  replaceMethod(identifier, "identify", (original, _self, ...args) => {
    if (isAway) throw new RefusedKey("invalid_api_key", "The key cannot be verified.");
    return original(...args);
  });
}

/** A stream that failed ends as if it were complete. */
export async function fakeDone(): Promise<void> {
  const prototype = await builtClass<ChatStreamWriter>("chat/chat-response.writer", "ChatStreamWriter");
  replaceMethod(prototype, "finish", (original, self, failure, write) => {
    if (failure !== null) self.write(Buffer.from("data: [DONE]\n\n"));
    original(null, write);
  });
}

/** Now and then a piece of a stream is sent twice. */
export async function splicedStream(): Promise<void> {
  const prototype = await builtClass<ChatStreamWriter>("chat/chat-response.writer", "ChatStreamWriter");
  let pieces = 0;
  replaceMethod(prototype, "write", (original, _self, bytes) => {
    pieces += 1;
    original(bytes);
    if (pieces % 20 === 0) original(bytes);
  });
}

/** A retry is a new call, whatever its idempotency key says. */
export async function retryBilledAgain(): Promise<void> {
  const prototype = await builtClass<IdempotencyClaims>("idempotency/idempotency-claims", "IdempotencyClaims");
  replaceMethod(prototype, "enter", () => Promise.resolve(null));
}
