import { describe, expect, it } from "vitest";
import { requestsUrl, usableDimensions } from "./dimensions.ts";

const period = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-02T00:00:00.000Z" };

describe("dimensions of the address", () => {
  it("are at most three, each once, and never none", () => {
    expect(usableDimensions(["team", "model", "team", "route", "user"])).toEqual(["team", "model", "route"]);
    expect(usableDimensions([])).toEqual(["team"]);
  });
});

describe("the requests behind a row", () => {
  it("carry its dimensions as filters", () => {
    const url = requestsUrl([{ id: "t1" }, { id: "env=prod" }], ["team", "tag"], period);
    expect(url).toContain("teamId=t1");
    expect(url).toContain("tag=env%3Dprod");
    expect(url).toContain("range=custom");
  });

  it("are not linked where the list could not show exactly them", () => {
    expect(requestsUrl([{ id: "output" }], ["meter"], period)).toBeNull();
    expect(requestsUrl([{ id: null }], ["user"], period)).toBeNull();
  });
});
