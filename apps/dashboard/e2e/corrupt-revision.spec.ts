/** A policy revision that is damaged in the database: gateways go on with the last good one, and an admin is told. */
import { createHash } from "node:crypto";
import type { System } from "@switchyard/api-contract/system";
import { expect, test } from "@playwright/test";
import { Client } from "pg";
import { callAdminApi } from "./support/admin-api.ts";
import { callOnce, createTenant } from "./support/tenant.ts";

interface StoredRevision {
  readonly number: number;
  readonly content: string;
  readonly sha256: string;
}

const damages: readonly {
  readonly what: string;
  readonly damage: (sound: StoredRevision) => Pick<StoredRevision, "content" | "sha256">;
  readonly reason: string;
}[] = [
  {
    what: "half of its bytes are gone",
    damage: ({ content, sha256 }) => ({ content: content.slice(0, content.length / 2), sha256 }),
    reason: "the content does not match its SHA-256",
  },
  {
    what: "it was written by somebody who is not the control plane, and names a model that is not there",
    damage: ({ content }) => hashed(content.replace(/"modelId":"[^"]+"/, '"modelId":"nothing"')),
    reason: "dangling_reference",
  },
  {
    what: "it is not JSON",
    damage: ({ content }) => hashed(content.replace(/"weight":\d+/, '"weight":NaN')),
    reason: "JSON",
  },
];

function hashed(content: string): Pick<StoredRevision, "content" | "sha256"> {
  return { content, sha256: createHash("sha256").update(content).digest("hex") };
}

/** Publishes damaged bytes as a revision of their own, past the control plane. */
async function publishDamaged(damage: (typeof damages)[number]["damage"]): Promise<{ good: number; bad: number }> {
  const client = new Client({ connectionString: process.env["DATABASE_URL"] });
  await client.connect();
  try {
    const { rows } = await client.query<StoredRevision>(
      "SELECT number, content, sha256 FROM policy_revision JOIN policy_head USING (number)",
    );
    const sound = rows[0];
    if (sound === undefined) throw new Error("nothing is published");
    const { content, sha256 } = damage(sound);
    if (content === sound.content) throw new Error("the damage did not take");
    await client.query(
      "INSERT INTO policy_revision (number, content, sha256, summary, created_by) VALUES ($1, $2, $3, 'Damaged', 'a test')",
      [sound.number + 1, content, sha256],
    );
    await client.query("UPDATE policy_head SET number = $1", [sound.number + 1]);
    return { good: sound.number, bad: sound.number + 1 };
  } finally {
    await client.end();
  }
}

const gatewaysNow = async () =>
  (await callAdminApi<System>("GET", "/api/system")).gateways.filter(({ isLive }) => isLive);

for (const { what, damage, reason } of damages) {
  test(`a gateway keeps the last good revision where ${what}`, async ({ page }) => {
    const tenant = await createTenant();
    await expect.poll(async () => (await callOnce(tenant.key, tenant.name)).status).toBe(200);

    const { good, bad } = await publishDamaged(damage);
    await expect
      .poll(async () => (await gatewaysNow()).map(({ policyProblem }) => policyProblem?.revision))
      .toEqual([bad]);
    for (const { policyRevision, policyProblem } of await gatewaysNow()) {
      expect(policyRevision).toBe(good);
      expect(policyProblem?.message).toContain(reason);
    }
    expect((await callOnce(tenant.key, tenant.name)).status).toBe(200);

    await page.goto("/system");
    const alert = page.getByRole("alert").filter({ hasText: `refuses policy revision ${bad}` });
    await expect(alert).toContainText(reason);
    await expect(alert).toContainText(`It goes on with the last good one, revision ${good}.`);
    await expect(page.getByRole("table", { name: "Gateway processes" })).toContainText("Refuses policy");

    // Any publication mends it.
    const next = await createTenant();
    await expect.poll(async () => (await callOnce(next.key, next.name)).status).toBe(200);
    await expect(alert).toBeHidden();
  });
}
