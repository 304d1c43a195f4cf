/** One call of the demo, as a client makes it, and what became of it. */
import type { DemoCall } from "./traffic.ts";

export interface CallOutcome {
  /** What the summary counts it under: "answered", "hung up", or the gateway's error code. */
  result: string;
  isStream: boolean;
  isCacheHit: boolean;
  attempts: number;
}

export async function makeCall(gatewayUrl: string, key: string, call: DemoCall): Promise<CallOutcome> {
  const hangUp = new AbortController();
  const failed = { isStream: call.stream, isCacheHit: false, attempts: 0 };
  try {
    const response = await fetch(`${gatewayUrl}${call.path}`, {
      method: "POST",
      headers: { ...call.headers, authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: call.body,
      signal: hangUp.signal,
    });
    const outcome = {
      isStream: call.stream,
      isCacheHit: response.headers.get("x-switchyard-cache") === "hit",
      attempts: Number(response.headers.get("x-switchyard-attempts") ?? 0),
    };
    if (!response.ok) {
      const body = (await response.json()) as { error?: { code?: string } };
      return { ...outcome, result: body.error?.code ?? `status ${response.status}` };
    }
    if (call.leaves) {
      await response.body?.getReader().read();
      hangUp.abort();
      return { ...outcome, result: "hung up" };
    }
    const text = await response.text();
    const isWhole = !call.stream || text.trimEnd().endsWith("data: [DONE]");
    return { ...outcome, result: isWhole ? "answered" : "broken off" };
  } catch {
    return { ...failed, result: "broken off" };
  }
}
