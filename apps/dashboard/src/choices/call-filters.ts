/** The filters that every list and report of calls takes, by their names in the URL, which are those of the API. */
import { parseAsString } from "nuqs";

export const callFilterParsers = {
  teamId: parseAsString,
  projectId: parseAsString,
  virtualKeyId: parseAsString,
  routeId: parseAsString,
  connectionId: parseAsString,
  modelId: parseAsString,
  user: parseAsString,
  tag: parseAsString,
};

export type CallFilterKey = keyof typeof callFilterParsers;
export type CallFilters = { readonly [key in CallFilterKey]: string | null };

export const callFilterLabels: { readonly [key in CallFilterKey]: string } = {
  teamId: "Team",
  projectId: "Project",
  virtualKeyId: "Virtual key",
  routeId: "Route",
  connectionId: "Provider",
  modelId: "Model",
  user: "User",
  tag: "Tag",
};

export const callFilterKeys = Object.keys(callFilterParsers) as CallFilterKey[];

/** The filters that are set, as query parameters of the API. */
export function queryOfFilters(filters: CallFilters): { [key in CallFilterKey]?: string } {
  const set: { [key in CallFilterKey]?: string } = {};
  for (const key of callFilterKeys) {
    const value = filters[key];
    if (value !== null) set[key] = value;
  }
  return set;
}
