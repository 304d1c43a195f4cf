/** The simulator's own account of what it received and billed: the independent second opinion of every money test. */
export interface SimulatorEntry {
  readonly provider: string;
  readonly model: string;
  readonly attemptId: string | null;
  readonly outcome: string;
  readonly billed: boolean;
  readonly tokens: {
    readonly input: number;
    readonly cachedInput: number;
    readonly output: number;
    readonly reasoning: number;
  };
}

export interface ReceivedRequest {
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly bodySha256: string;
  readonly bodyBase64: string;
}

export interface PrefixQuestion {
  readonly attemptId: string;
  readonly bytes: number;
}

export interface SentPrefix {
  readonly sentBytes: number;
  readonly sha256: string | null;
}

const mostPrefixes = 5_000;

export class SimulatorApi {
  readonly #url: string;

  constructor(simulatorUrl: string) {
    this.#url = simulatorUrl;
  }

  async behave(provider: string, model: string, behaviour: Record<string, unknown>): Promise<void> {
    await this.#call("PUT", `behaviours/${encodeURIComponent(provider)}/${model}`, behaviour);
  }

  async reset(): Promise<void> {
    await this.#call("POST", "reset");
  }

  /** Every entry of one model, oldest first, however many there are. */
  async entries(model: string): Promise<SimulatorEntry[]> {
    const all: SimulatorEntry[] = [];
    let since: number | null = 0;
    while (since !== null) {
      const page: { entries: SimulatorEntry[]; nextSince: number | null } = await this.#call(
        "GET",
        `ledger?model=${encodeURIComponent(model)}&since=${since}&limit=10000`,
      );
      all.push(...page.entries);
      since = page.nextSince;
    }
    return all;
  }

  /** Hashes of the first bytes that attempts were sent; null for those that the simulator knows nothing of. */
  async prefixes(prefixes: readonly PrefixQuestion[]): Promise<(SentPrefix | null)[]> {
    const answers: (SentPrefix | null)[] = [];
    for (let start = 0; start < prefixes.length; start += mostPrefixes) {
      const page = { prefixes: prefixes.slice(start, start + mostPrefixes) };
      answers.push(
        ...(await this.#call<{ prefixes: (SentPrefix | null)[] }>("POST", "answers/prefixes", page)).prefixes,
      );
    }
    return answers;
  }

  async requests(limit = 20): Promise<ReceivedRequest[]> {
    return (await this.#call<{ requests: ReceivedRequest[] }>("GET", `requests?limit=${limit}`)).requests;
  }

  async #call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const response = await fetch(`${this.#url}/_simulator/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`simulator: ${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as Body;
  }
}
