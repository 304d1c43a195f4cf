import { inputTokenMeters, outputTokenMeters, type Meter } from "@switchyard/metering/meters";
import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { pinnedPriceVersion } from "@switchyard/metering/pinned-price-version";
import type { PriceLine } from "@switchyard/metering/price-version";
import { operations } from "@switchyard/metering/usage-event";
import type { PolicyConnection, PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { ActivePolicy } from "../policies/active-policy.ts";

const million = 1_000_000;
/** Meters that are priced by the million; everything else by the piece. */
const byTheMillion: ReadonlySet<Meter> = new Set([...inputTokenMeters, ...outputTokenMeters, "characters"]);

interface Serving {
  readonly connection: PolicyConnection;
  readonly model: PolicyModel;
}

/**
 * A route as OpenAI's API describes a model, with what OpenAI does not tell: what it can do, and what each of its targets
 * costs at an instant (epoch ms). What one target can, the route can: planning passes over the others.
 */
export function describeRoute(route: Route, policy: ActivePolicy, nowMs: number): object {
  const serving = route.targets.flatMap(({ enabled, connectionId, modelId }): Serving[] => {
    const connection = policy.connectionsById.get(connectionId);
    const model = policy.modelsById.get(modelId);
    return enabled && connection?.enabled === true && model !== undefined ? [{ connection, model }] : [];
  });
  const models = serving.map(({ model }) => model);
  return {
    id: route.name,
    object: "model",
    // A route has no date of birth that a client could rely on.
    created: 0,
    owned_by: "switchyard",
    context_window: largest(models.map((model) => model.contextWindow)),
    max_output_tokens: largest(models.map((model) => model.maxOutputTokens)),
    capabilities: {
      operations: operations.filter((one) => models.some(({ capabilities }) => capabilities.operations.includes(one))),
      tools: models.some(({ capabilities }) => capabilities.tools),
      vision: models.some(({ capabilities }) => capabilities.vision),
      json_schema: models.some(({ capabilities }) => capabilities.jsonSchema),
      streaming: models.some(({ capabilities }) => capabilities.streaming),
    },
    targets: serving.map((one) => describeTarget(one, nowMs)),
  };
}

function describeTarget({ connection, model }: Serving, nowMs: number): object {
  const version = pinnedPriceVersion(model.prices, connection.connectionId, nowMs);
  const isPriced = version !== null && version.lines.length > 0;
  return {
    provider: connection.name,
    model: model.providerModel,
    context_window: model.contextWindow,
    max_output_tokens: model.maxOutputTokens,
    pricing: version?.free === true ? "free" : isPriced ? "priced" : "unpriced",
    prices: version?.lines.map(describePrice) ?? [],
  };
}

function describePrice(line: PriceLine): object {
  const per = byTheMillion.has(line.meter) ? million : 1;
  return {
    meter: line.meter,
    usd: formatUsd(picoUsd(BigInt(line.unitPricePicoUsd) * BigInt(per))),
    per,
    ...(line.aboveInputTokens === undefined ? {} : { above_input_tokens: line.aboveInputTokens }),
    ...(line.serviceTier === undefined ? {} : { service_tier: line.serviceTier }),
    ...(line.timeWindow === undefined
      ? {}
      : { utc_minutes: { from: line.timeWindow.startMinute, until: line.timeWindow.endMinute } }),
  };
}

/** Null where one does not say: it may be any. */
function largest(sizes: readonly (number | null)[]): number | null {
  let most = 0;
  for (const size of sizes) {
    if (size === null) return null;
    most = Math.max(most, size);
  }
  return most === 0 ? null : most;
}
