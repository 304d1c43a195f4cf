import type { Endpoint, ModelList, PathGroups, WireFormat } from "../formats/wire-format.ts";

/** The provider of requests without a prefix. */
export const DEFAULT_PROVIDER = "default";

const MOST_REMEMBERED_PATHS = 1_000;
const LONGEST_PROVIDER_NAME = 128;

/** Where the calls to one endpoint of one provider arrive. */
export interface CallRoute {
  readonly kind: "call";
  readonly method: "POST";
  readonly format: WireFormat;
  readonly provider: string;
  readonly endpoint: Endpoint;
  readonly groups: PathGroups;
}

/** Where one provider lists its models. */
export interface ModelsRoute {
  readonly kind: "models";
  readonly method: "GET";
  readonly format: WireFormat;
  readonly provider: string;
  readonly modelList: ModelList;
}

export type Route = CallRoute | ModelsRoute;

/**
 * Finds the protocol, the endpoint and the simulated provider of a path. The end of the path selects the endpoint; what
 * stands before it names the provider: `/providers/slow/v1/embeddings` and `/slow/v1/embeddings` both mean "slow".
 * One process plays at most 1,000 provider paths; more are unknown, so memory stays bounded.
 */
export class ProviderRouter {
  readonly #formats: readonly WireFormat[];
  readonly #routes = new Map<string, Route>();

  constructor(formats: readonly WireFormat[]) {
    this.#formats = formats;
  }

  find(url: string): Route | undefined {
    const query = url.indexOf("?");
    const path = query < 0 ? url : url.slice(0, query);
    const known = this.#routes.get(path);
    if (known !== undefined || this.#routes.size >= MOST_REMEMBERED_PATHS) return known;
    const route = this.#resolve(path);
    if (route !== undefined) this.#routes.set(path, route);
    return route;
  }

  #resolve(path: string): Route | undefined {
    for (const format of this.#formats) {
      const { modelList } = format;
      if (modelList !== undefined && path.endsWith(modelList.path)) {
        const provider = providerOf(path, modelList.path);
        return provider === undefined ? undefined : { kind: "models", method: "GET", format, provider, modelList };
      }
      for (const endpoint of format.endpoints) {
        const end = matchEnd(path, endpoint.path);
        if (end === undefined) continue;
        const provider = providerOf(path, end.text);
        if (provider === undefined) return undefined;
        return { kind: "call", method: "POST", format, provider, endpoint, groups: end.groups };
      }
    }
    return undefined;
  }
}

function matchEnd(path: string, end: string | RegExp): { text: string; groups: PathGroups } | undefined {
  if (typeof end === "string") return path.endsWith(end) ? { text: end, groups: {} } : undefined;
  const match = end.exec(path);
  if (match === null) return undefined;
  const groups: Record<string, string> = {};
  try {
    for (const [name, value] of Object.entries(match.groups ?? {})) groups[name] = decodeURIComponent(value);
  } catch {
    return undefined;
  }
  return { text: match[0], groups };
}

function providerOf(path: string, suffix: string): string | undefined {
  const prefix = path.slice(0, path.length - suffix.length);
  if (prefix === "") return DEFAULT_PROVIDER;
  const encoded = prefix.startsWith("/providers/") ? prefix.slice("/providers/".length) : prefix.slice(1);
  try {
    const provider = decodeURIComponent(encoded);
    return provider === "" || provider.length > LONGEST_PROVIDER_NAME ? undefined : provider;
  } catch {
    return undefined;
  }
}
