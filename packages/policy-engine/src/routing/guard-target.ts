/** What a route, or the caller, does not allow whatever the target can do: where the call goes, and what it may cost. */
import { formatUsd, picoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import { pinnedPriceVersion } from "@switchyard/metering/pinned-price-version";
import { worstCaseCost } from "@switchyard/metering/worst-case-cost";
import type { ConnectionAttributes, PolicyModel } from "../policy/policy-revision.ts";
import type { Requirements, Route, RouteGuards } from "../policy/route.ts";
import type { Candidate } from "./candidate.ts";
import type { Refusal } from "./filter-target.ts";
import type { PlanInput } from "./plan-input.ts";
import type { RequestFeatures } from "./request-features.ts";

/** How long an answer is taken to be at least where the caller sets no cap: a ceiling that affords less affords nothing. */
const usualOutputTokens = 512;

const none: readonly RouteGuards[] = [];

/** Whose rules a target is under: of the route that was asked for, and of the fallback that the target belongs to. */
export function guardsFor(asked: Route, { guards }: Route): readonly RouteGuards[] {
  if (asked.guards === undefined) return guards === undefined ? none : [guards];
  return guards === undefined || guards === asked.guards ? [asked.guards] : [asked.guards, guards];
}

/** The lowest of what routes and the caller allow one attempt to cost; null where nobody says. */
export function costCeiling(guards: readonly RouteGuards[], callersPicoUsd: PicoUsd | null): PicoUsd | null {
  let lowest = callersPicoUsd;
  for (const { mostCostPicoUsd } of guards) {
    if (mostCostPicoUsd === undefined) continue;
    const ofRoute = picoUsd(BigInt(mostCostPicoUsd));
    if (lowest === null || ofRoute < lowest) lowest = ofRoute;
  }
  return lowest;
}

/** Refuses a connection that does not promise all that is required. What is not known counts as not promised. */
export function whyNotAllowedThere(
  attributes: ConnectionAttributes,
  guards: readonly RouteGuards[],
  gatewayRegion: string | null,
): Refusal | null {
  for (const { requires } of guards) {
    const why = requires === undefined ? null : brokenRequirement(attributes, requires, gatewayRegion);
    if (why !== null) return { code: "requirement_unmet", why };
  }
  return null;
}

/** What a connection does not promise of what is required, as words after "because"; null where it promises all. */
export function brokenRequirement(
  attributes: ConnectionAttributes,
  requires: Requirements,
  gatewayRegion: string | null,
): string | null {
  const { region, jurisdiction, zeroRetention, noTraining } = attributes;
  if (requires.regions && (region === null || !requires.regions.includes(region))) {
    return `it must be in region ${requires.regions.join(" or ")}, and is in ${region ?? "none that is known"}`;
  }
  if (requires.jurisdictions && (jurisdiction === null || !requires.jurisdictions.includes(jurisdiction))) {
    const allowed = requires.jurisdictions.join(" or ");
    return `it must be under the law of ${allowed}, and is under ${jurisdiction ?? "none that is known"}`;
  }
  if (requires.ownRegion && (gatewayRegion === null || region !== gatewayRegion)) {
    return gatewayRegion === null
      ? "it must be in the gateway's own region, which this gateway was not told"
      : `it must be in the gateway's own region ${gatewayRegion}, and is in ${region ?? "none that is known"}`;
  }
  if (requires.zeroRetention && !zeroRetention) return "it does not promise to keep nothing";
  if (requires.noTraining && !noTraining) return "it does not promise not to train on what it is sent";
  return null;
}

/** Refuses a target on which the call might cost more than the ceiling, its answer as long as asked for or as usual. */
export function whyTooDear(
  connectionId: string,
  model: PolicyModel,
  features: RequestFeatures,
  ceiling: PicoUsd,
  nowMs: number,
): Refusal | null {
  const costPicoUsd = guardedCost(connectionId, model, features, nowMs);
  if (costPicoUsd === null) return { code: "price_unknown", why: "it has no price, and this call has a price ceiling" };
  if (costPicoUsd <= ceiling) return null;
  const why = `it could cost $${formatUsd(costPicoUsd)}, more than the ceiling of $${formatUsd(ceiling)}`;
  return { code: "above_price_ceiling", why };
}

/** Refuses a later choice that might cost more than the route allows in proportion to the first. */
export function whyDearerThanFirst(
  later: Candidate,
  first: Candidate,
  { route, features, nowMs }: PlanInput,
): Refusal | null {
  const percents = guardsFor(route, later.route).flatMap(({ mostPercentOfFirst }) => mostPercentOfFirst ?? []);
  if (percents.length === 0) return null;
  const cost = guardedCost(later.target.connectionId, later.model, features, nowMs);
  const ofFirst = guardedCost(first.target.connectionId, first.model, features, nowMs);
  if (cost === null || ofFirst === null) {
    return {
      code: "price_unknown",
      why: "without both prices it is not known to cost no more than the first choice allows",
    };
  }
  const percent = Math.min(...percents);
  if (cost * 100n <= ofFirst * BigInt(percent)) return null;
  const why = `it could cost $${formatUsd(cost)}, more than ${percent} % of the $${formatUsd(ofFirst)} of the first choice`;
  return { code: "above_price_ceiling", why };
}

function guardedCost(
  connectionId: string,
  { prices, contextWindow, maxOutputTokens }: PolicyModel,
  { operation, inputTokensAtMost, outputTokensAsked, answers }: RequestFeatures,
  nowMs: number,
): PicoUsd | null {
  const version = pinnedPriceVersion(prices, connectionId, nowMs);
  if (version === null || (!version.free && version.lines.length === 0)) return null;
  const window = contextWindow ?? Infinity;
  const output = Math.min(outputTokensAsked ?? usualOutputTokens, maxOutputTokens ?? Infinity, window);
  return worstCaseCost(version, {
    inputTokensAtMost: Math.min(inputTokensAtMost, window),
    outputTokensAtMost: operation === "chat" ? output : 0,
    answers,
  });
}
