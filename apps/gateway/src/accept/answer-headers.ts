import { formatUsd, zeroPicoUsd } from "@switchyard/metering/pico-usd";
import type { Call } from "./call.ts";

const unprintable = /[^\x20-\x7e]/g;

/**
 * The headers that every answer carries, as the flat list that Node writes without rebuilding it. Names from policy are
 * reduced to printable ASCII: an admin's umlaut must not break a client's answer.
 */
export function answerHeaders(call: Call): string[] {
  const headers = ["x-request-id", call.requestId];
  if (call.route !== null) headers.push("x-switchyard-route", call.route.name);
  if (call.connection !== null) headers.push("x-switchyard-provider", call.connection.name.replace(unprintable, "?"));
  if (call.model !== null) headers.push("x-switchyard-model", call.model.providerModel.replace(unprintable, "?"));
  if (call.policy !== null) {
    headers.push("x-switchyard-attempts", String(call.attempts), "x-switchyard-cache", call.cache);
  }
  if (call.warnings.length > 0)
    headers.push("x-switchyard-warnings", call.warnings.join(", ").replace(unprintable, "?"));
  headers.push("server-timing", serverTiming(call));
  if (call.isLastOnConnection) headers.push("connection", "close");
  return headers;
}

/** What the call cost, and which part of it is the gateway's own fee; for answers whose cost is known before their first byte. */
export function costHeader(call: Call): string[] {
  const cost = ["x-switchyard-cost-usd", formatUsd(call.costPicoUsd)];
  if (call.feePicoUsd === zeroPicoUsd) return cost;
  return [...cost, "x-switchyard-gateway-fee-usd", formatUsd(call.feePicoUsd)];
}

/** Adds named headers to a flat list. */
export function appendHeaders(headers: string[], more: Readonly<Record<string, string>>): void {
  for (const name in more) headers.push(name, more[name] ?? "");
}

function serverTiming(call: Call): string {
  const gatewayMs = performance.now() - call.startedAt - call.upstreamMs;
  return `gateway;dur=${gatewayMs.toFixed(2)}, upstream;dur=${call.upstreamMs.toFixed(2)}`;
}
