import type { CostDimension } from "@switchyard/api-contract/reports";

export const mostDimensions = 3;

export const dimensionNames: { readonly [dimension in CostDimension]: string } = {
  team: "Team",
  project: "Project",
  virtual_key: "Virtual key",
  user: "User",
  tag: "Tag",
  route: "Route",
  connection: "Connection",
  provider: "Provider",
  model: "Model",
  meter: "Meter",
};

/** The filter of the request list that means the same; none for providers and meters. */
const requestFilters: { readonly [dimension in CostDimension]?: string } = {
  team: "teamId",
  project: "projectId",
  virtual_key: "virtualKeyId",
  user: "user",
  tag: "tag",
  route: "routeId",
  connection: "connectionId",
  model: "modelId",
};

/** At most three, each once; an address that names none means teams. */
export function usableDimensions(dimensions: readonly CostDimension[]): readonly CostDimension[] {
  const unique = [...new Set(dimensions)].slice(0, mostDimensions);
  return unique.length === 0 ? ["team"] : unique;
}

/** The request list that a row sums, or null where the list has no such filter. */
export function requestsUrl(
  keys: readonly { readonly id: string | null }[],
  dimensions: readonly CostDimension[],
  period: { readonly from: string; readonly to: string },
): string | null {
  const query = new URLSearchParams({ range: "custom", from: period.from, to: period.to });
  for (const [index, key] of keys.entries()) {
    const dimension = dimensions[index];
    const filter = dimension && requestFilters[dimension];
    if (filter === undefined || key.id === null) return null;
    query.set(filter, key.id);
  }
  return `/requests?${query}`;
}
