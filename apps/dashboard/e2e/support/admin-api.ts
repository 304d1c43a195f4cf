/** Prepares and checks through the admin API what a test is not about; the token is that of automation. */
import type { z } from "zod";
import type { ledgerSummarySchema } from "@switchyard/api-contract/reports";
import { readStack } from "./stack.ts";

export type LedgerSummary = z.infer<typeof ledgerSummarySchema>;

interface Named {
  readonly id: string;
  readonly name: string;
}

export async function callAdminApi<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const { adminUrl, adminToken } = readStack();
  const response = await fetch(`${adminUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** The thing of that name in a list that the first-run seed filled. */
export async function findByName(path: string, name: string): Promise<Named> {
  const { items } = await callAdminApi<{ items: Named[] }>("GET", `${path}?limit=200`);
  const found = items.find((item) => item.name === name);
  if (!found) throw new Error(`${path} has no ${name}`);
  return found;
}

export async function findModel(providerModel: string): Promise<string> {
  const { items } = await callAdminApi<{ items: { id: string; providerModel: string }[] }>(
    "GET",
    `/api/models?search=${encodeURIComponent(providerModel)}`,
  );
  const found = items.find((model) => model.providerModel === providerModel);
  if (!found) throw new Error(`the catalogue has no ${providerModel}`);
  return found.id;
}
