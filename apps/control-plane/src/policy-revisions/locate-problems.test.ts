import { describe, expect, it } from "vitest";
import { locateProblems } from "./locate-problems.ts";

const candidate = {
  routes: [
    { routeId: "r1", name: "fast" },
    { routeId: "r2", name: "slow" },
  ],
  models: [{ modelId: "m1", providerModel: "model-1" }],
};
const edited = { action: "route.changed", resourceType: "route", resourceId: "r2" };
const locate = (path: string) =>
  locateProblems([{ path, code: "weights_are_zero", message: "x" } as never], candidate, edited)[0]?.path;

describe("locateProblems", () => {
  it("points into the request where the fault is in what was edited", () => {
    expect(locate("routes[1].targets[0].weight")).toBe("targets[0].weight");
  });

  it("names the resource where the fault is elsewhere", () => {
    expect(locate("routes[0].fallbackRouteIds[0]")).toBe("routes[fast].fallbackRouteIds[0]");
    expect(locate("models[0]")).toBe("models[model-1]");
  });

  it("leaves a path alone that it cannot follow", () => {
    expect(locate("organisation.name")).toBe("organisation.name");
    expect(locate("routes[9].name")).toBe("routes[9].name");
  });
});
