/** A new release's price list against the catalogue: offered, looked at, taken over. */
import { catalogueChangeOperations } from "@switchyard/api-contract/catalogue-changes";
import { modelOperations } from "@switchyard/api-contract/models";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;

beforeAll(async () => {
  controlPlane = await startControlPlane();
});

afterAll(() => controlPlane.stop());

const changes = async () => (await controlPlane.ok(catalogueChangeOperations.list)).items;

/** Puts a model's price where an older release could have had it: a percentage of what is offered now. */
async function agePrice(providerModel: string, percent: number, source = "@pydantic/genai-prices"): Promise<string> {
  const { rows } = await controlPlane.pool.query<{ id: string }>(
    `WITH model AS (SELECT id FROM model WHERE provider_kind = 'openai' AND provider_model = $1), version AS (
       INSERT INTO price_version (id, model_id, effective_from, free, source, created_by)
       SELECT gen_random_uuid(), id, now() - interval '1 minute', false, $3, 'test' FROM model RETURNING id, model_id
     ), lines AS (
       INSERT INTO price_line (id, price_version_id, meter, unit_price_pico_usd)
       SELECT gen_random_uuid(), version.id, line.meter, line.unit_price_pico_usd * $2 / 100
       FROM version, price_line AS line
       WHERE line.price_version_id = (SELECT id FROM price_version WHERE model_id = version.model_id
         ORDER BY effective_from DESC LIMIT 1)
     ) SELECT model_id AS id FROM version`,
    [providerModel, percent, source],
  );
  return rows[0]!.id;
}

it("offers nothing where the catalogue is the release's own", async () => {
  expect(await changes()).toEqual([]);
});

it("takes over a small change without more, and asks for approval of a large one", async () => {
  const small = await agePrice("gpt-4o", 90);
  const large = await agePrice("gpt-4o-mini", 50);
  await agePrice("gpt-4.1", 50, "custom");
  const offered = await changes();
  expect(Object.fromEntries(offered.map(({ providerModel, kind, needsApproval }) => [providerModel, [kind, needsApproval]]))).toEqual({
    "gpt-4o": ["changed", false],
    "gpt-4o-mini": ["changed", true],
  });
  expect(offered.find(({ providerModel }) => providerModel === "gpt-4o-mini")?.lines[0]).toMatchObject({
    meter: "input",
    beforeUsd: "0.000000075",
    afterUsd: "0.00000015",
    changePercent: 100,
  });
  const models = offered.map(({ providerKind, providerModel }) => ({ providerKind, providerModel }));
  const refused = await controlPlane.fails(catalogueChangeOperations.apply, { body: { models } });
  expect([refused.status, refused.body.error.code, refused.body.error.problems?.length]).toEqual([409, "approval_required", 1]);
  expect(await changes()).toEqual(offered);

  const [first] = models.filter(({ providerModel }) => providerModel === "gpt-4o");
  expect(await controlPlane.ok(catalogueChangeOperations.apply, { body: { models: [first!] } })).toEqual({ added: 0, repriced: 1 });
  expect(await controlPlane.ok(catalogueChangeOperations.apply, { body: { models, approved: true } })).toEqual({ added: 0, repriced: 1 });
  expect(await changes()).toEqual([]);
  for (const id of [small, large]) {
    const { prices } = await controlPlane.ok(modelOperations.get, { params: { id } });
    expect(prices.slice(0, 2).map(({ createdBy }) => createdBy)).toEqual([expect.any(String), "test"]);
  }
}); // prettier-ignore

it("adds models that the catalogue does not have", async () => {
  await controlPlane.pool.query("UPDATE model SET provider_model = 'renamed' WHERE provider_model = 'gpt-4o' AND provider_kind = 'openai'");
  const [offer] = await changes();
  expect(offer).toMatchObject({ providerModel: "gpt-4o", kind: "new", needsApproval: false });
  const models = [{ providerKind: "openai", providerModel: "gpt-4o" }];
  expect(await controlPlane.ok(catalogueChangeOperations.apply, { body: { models } })).toEqual({ added: 1, repriced: 0 });
  expect(await changes()).toEqual([]);
}); // prettier-ignore
