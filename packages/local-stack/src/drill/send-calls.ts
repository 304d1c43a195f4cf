/** Load of a drill: some clients at once, each of which writes down what it saw. */
export interface SeenCall {
  /** On the monotonic clock. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Until the first byte of the body; the whole duration where none came. */
  readonly firstByteMs: number;
  /** Zero: the connection broke. */
  readonly status: number;
  /** The answer came whole: a usage in a plain one, the end marker in a stream. */
  readonly isWhole: boolean;
  /** The answer was not whole, and nothing told the client so. */
  readonly isSilentlyCut: boolean;
  /** The code of the error that the client was told; null where it was told none. */
  readonly errorCode: string | null;
  /** As `x-switchyard-provider` names it. */
  readonly provider: string | null;
  /** As `x-switchyard-attempts` counts them: connections that were refused never reach a provider's own account. */
  readonly attempts: number;
}

export interface CallPlan {
  readonly gatewayUrl: string;
  readonly key: string;
  readonly route: string;
  readonly clients: number;
  /** Which share of the calls streams, in turns: all, every second one, or none. */
  readonly streams: "all" | "half" | "none";
}

/** Sends `calls` calls and returns what came of each, in the order in which they were begun. */
export async function sendCalls(plan: CallPlan, calls: number): Promise<SeenCall[]> {
  const seen: SeenCall[] = [];
  let turn = 0;
  const client = async (): Promise<void> => {
    while (turn < calls) {
      const isStream = plan.streams === "all" || (plan.streams === "half" && turn % 2 === 0);
      turn += 1;
      seen.push(await sendCall(plan, turn, isStream));
    }
  };
  await Promise.all(Array.from({ length: plan.clients }, client));
  return seen.toSorted((one, other) => one.startedAtMs - other.startedAtMs);
}

async function sendCall({ gatewayUrl, key, route }: CallPlan, turn: number, isStream: boolean): Promise<SeenCall> {
  const startedAtMs = performance.now();
  let status = 0;
  let provider: string | null = null;
  let attempts = 0;
  let firstByteMs: number | null = null;
  let text = "";
  try {
    const response = await fetch(`${gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: route,
        stream: isStream,
        messages: [{ role: "user", content: `turn ${turn}` }],
      }),
    });
    ({ status } = response);
    provider = response.headers.get("x-switchyard-provider");
    attempts = Number(response.headers.get("x-switchyard-attempts"));
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      firstByteMs ??= performance.now() - startedAtMs;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    // A broken connection is something that a drill counts.
  }
  const isWhole = status === 200 && (isStream ? text.includes("data: [DONE]") : text.includes('"usage"'));
  const isDisclosed = status !== 200 || text.includes('"error"');
  const durationMs = performance.now() - startedAtMs;
  return {
    startedAtMs,
    durationMs,
    firstByteMs: firstByteMs ?? durationMs,
    status,
    isWhole,
    isSilentlyCut: !isWhole && !isDisclosed,
    errorCode: isWhole ? null : (/"code":\s*"(\w+)"/.exec(text)?.[1] ?? null),
    provider,
    attempts,
  };
}
