import { randomBytes } from "node:crypto";
import { Injectable } from "@nestjs/common";
import type { AlertWebhook, BudgetAlert } from "@switchyard/api-contract/system";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { sealCredential } from "@switchyard/secrets/sealed-credential";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { instant } from "../database/instant.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { ControlPlaneEnv } from "../env.ts";
import { found } from "../errors/control-plane-error.ts";
import { OrganisationRepository } from "../organisation/organisation.repository.ts";
import { AlertRepository, type AlertWebhookRow } from "./alert.repository.ts";

const secretBytes = 32;
/** Stands where a provider credential has its connection; the worker opens the secret under the same name. */
const sealedFor = "alert-webhook";

@Injectable()
export class AlertsService {
  readonly #alerts: AlertRepository;
  readonly #organisations: OrganisationRepository;
  readonly #audit: AuditEntryRepository;
  readonly #env: ControlPlaneEnv;

  constructor(
    alerts: AlertRepository,
    organisations: OrganisationRepository,
    audit: AuditEntryRepository,
    env: ControlPlaneEnv,
  ) {
    this.#alerts = alerts;
    this.#organisations = organisations;
    this.#audit = audit;
    this.#env = env;
  }

  async list(query: PageRequest): Promise<Page<BudgetAlert>> {
    const rows = await this.#alerts.list(query);
    const names = await this.#alerts.budgetNames(rows.map(({ quotaId }) => quotaId));
    return toPage(
      rows,
      query.limit,
      ({ createdAt, id }) => [createdAt, id],
      (row) => ({
        id: row.id,
        budgetId: row.quotaId,
        budgetName: names.get(row.quotaId) ?? row.quotaId,
        thresholdPct: row.thresholdPct,
        usedUsd: formatUsd(parsePicoUsd(row.usedPicoUsd.toFixed())),
        limitUsd: formatUsd(parsePicoUsd(row.limitPicoUsd.toFixed())),
        createdAt: instant(row.createdAt),
        deliveredAt: instant(row.deliveredAt),
        deliveryError: row.deliveryError,
      }),
    );
  }

  async listWebhooks(): Promise<{ items: AlertWebhook[] }> {
    return { items: (await this.#alerts.listWebhooks()).map(presentWebhook) };
  }

  addWebhook(actor: Actor, { url }: { url: string }): Promise<{ webhook: AlertWebhook; signingSecret: string }> {
    return this.#alerts.transaction(async (connection) => {
      const id = createUuidV7();
      const signingSecret = `whsec_${randomBytes(secretBytes).toString("base64url")}`;
      const organisationId = await this.#organisations.currentId(connection);
      const context = { organisationId, connectionId: sealedFor, credentialId: id, origin: url };
      const sealedSecret = sealCredential(this.#env.keyring, signingSecret, context);
      const webhook = presentWebhook(await this.#alerts.insertWebhook(connection, { id, url, sealedSecret }));
      const draft = { action: "alert_webhook.added", resourceType: "alert_webhook", resourceId: id };
      await this.#audit.record(connection, actor, { ...draft, after: auditState(webhook) }, null);
      return { webhook, signingSecret };
    });
  }

  removeWebhook(actor: Actor, id: string): Promise<void> {
    return this.#alerts.transaction(async (connection) => {
      const before = presentWebhook(found(await this.#alerts.findWebhook(connection, id), "alert webhook"));
      await this.#alerts.deleteWebhook(connection, id);
      const draft = { action: "alert_webhook.removed", resourceType: "alert_webhook", resourceId: id };
      await this.#audit.record(connection, actor, { ...draft, before: auditState(before) }, null);
    });
  }
}

function presentWebhook(row: AlertWebhookRow): AlertWebhook {
  return { ...row, createdAt: instant(row.createdAt) };
}

// Paths and queries of webhook URLs are often the secret themselves.
function auditState({ url, enabled }: AlertWebhook) {
  return { origin: new URL(url).origin, enabled };
}
