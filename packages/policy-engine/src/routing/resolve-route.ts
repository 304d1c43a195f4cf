import type { Route } from "../policy/route.ts";

export interface RouteLookups {
  readonly routesByName: ReadonlyMap<string, Route>;
}

export interface RouteCaller {
  readonly projectId: string;
  /** Null: every route that the project may call. */
  readonly allowedRouteIds: ReadonlySet<string> | null;
}

export type RouteResolution =
  | { readonly kind: "route"; readonly route: Route }
  | { readonly kind: "unknown" }
  | { readonly kind: "disabled" }
  | { readonly kind: "not_allowed"; readonly reason: "key" | "project" };

/**
 * Finds the route that a client names as `model` and checks that the caller may use it. Access is judged before
 * `disabled`, so that a caller learns nothing of the state of routes it may not call.
 */
export function resolveRoute(lookups: RouteLookups, caller: RouteCaller, requestedModel: string): RouteResolution {
  const route = lookups.routesByName.get(requestedModel);
  if (route === undefined) return { kind: "unknown" };
  if (caller.allowedRouteIds !== null && !caller.allowedRouteIds.has(route.routeId)) {
    return { kind: "not_allowed", reason: "key" };
  }
  if (route.allowedProjectIds !== null && !route.allowedProjectIds.includes(caller.projectId)) {
    return { kind: "not_allowed", reason: "project" };
  }
  return route.enabled ? { kind: "route", route } : { kind: "disabled" };
}
