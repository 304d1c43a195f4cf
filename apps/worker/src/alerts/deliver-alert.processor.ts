import { Injectable } from "@nestjs/common";
import type { JobPayload } from "@switchyard/metering/job-catalogue";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import type { MasterKeyring } from "@switchyard/secrets/master-key";
import { openCredential } from "@switchyard/secrets/sealed-credential";
import { signWebhook } from "@switchyard/secrets/webhook-signature";
import type { JobHandler } from "../queue/job-handler.ts";
import { AlertRepository, type AlertWebhook, type BudgetAlert } from "./alert.repository.ts";
import { WebhookSender } from "./webhook-sender.ts";

export class AlertSecrets {
  constructor(readonly keyring: MasterKeyring) {}
}

@Injectable()
export class DeliverAlertProcessor implements JobHandler<"deliver-alert"> {
  readonly job = "deliver-alert";

  constructor(
    private readonly repository: AlertRepository,
    private readonly secrets: AlertSecrets,
    private readonly sender: WebhookSender,
  ) {}

  /** A retry posts to every webhook again; receivers tell repeats by `alertId`. */
  async run({ alertId }: JobPayload<"deliver-alert">): Promise<void> {
    const alert = await this.repository.findUndelivered(alertId);
    if (!alert) return;
    const organisationId = await this.repository.organisationId();
    const body = JSON.stringify(describe(alert));
    const failures: string[] = [];
    for (const webhook of await this.repository.enabledWebhooks()) {
      try {
        const signature = signWebhook(this.#openSecret(webhook, organisationId), body, Date.now());
        await this.sender.post(webhook.url, body, signature);
      } catch (error) {
        failures.push(`${new URL(webhook.url).origin}: ${error instanceof Error ? error.message : "failed"}`);
      }
    }
    if (failures.length > 0) {
      await this.repository.markFailed(alertId, failures.join("; "));
      throw new Error(`alert not delivered to ${failures.length} webhook(s)`);
    }
    await this.repository.markDelivered(alertId);
  }

  #openSecret(webhook: AlertWebhook, organisationId: string): string {
    return openCredential(this.secrets.keyring, webhook.sealedSecret, {
      organisationId,
      connectionId: "alert-webhook",
      credentialId: webhook.webhookId,
      origin: new URL(webhook.url).origin,
    });
  }
}

function describe(alert: BudgetAlert) {
  return {
    type: "budget.threshold_passed",
    alertId: alert.alertId,
    at: alert.createdAt.toISOString(),
    budget: { id: alert.budgetId, name: alert.budgetName, scope: { type: alert.scopeType, id: alert.scopeId } },
    thresholdPct: alert.thresholdPct,
    usedUsd: formatUsd(parsePicoUsd(alert.usedPicoUsd)),
    limitUsd: formatUsd(parsePicoUsd(alert.limitPicoUsd)),
  };
}
