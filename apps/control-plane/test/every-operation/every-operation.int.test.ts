/** One walk through the whole API: every operation of the contract succeeds at least once, with its answer checked. */
import { allOperations } from "@switchyard/api-contract/catalogue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { walkFidelity } from "./fidelity.ts";
import { walkLimits } from "./limits.ts";
import { walkPeople } from "./people.ts";
import { walkReports } from "./reports.ts";
import { walkRouting } from "./routing.ts";
import { walkTenants } from "./tenants.ts";
import { Walk } from "./walk.ts";

const walk = new Walk();

beforeAll(() => walk.start());
afterAll(() => walk.stop());

// In this order: a chapter finds what those before it have left.
walkTenants(walk);
walkRouting(walk);
walkLimits(walk);
walkReports(walk);
walkPeople(walk);
walkFidelity(walk);

it("left no operation out", () => {
  expect([...walk.succeeded].toSorted()).toEqual(allOperations.map(({ id }) => id).toSorted());
});
