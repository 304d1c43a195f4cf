import { Injectable } from "@nestjs/common";
import type { JobPayload } from "@switchyard/metering/job-catalogue";
import type { MasterKeyring } from "@switchyard/secrets/master-key";
import { openCredential } from "@switchyard/secrets/sealed-credential";
import { signWebhook } from "@switchyard/secrets/webhook-signature";
import type { JobHandler } from "../queue/job-handler.ts";
import { AlertRepository, type AlertWebhook } from "./alert.repository.ts";
import { alertBody, alertMail } from "./describe-alert.ts";
import { MailSender } from "./mail-sender.ts";
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
    private readonly mail: MailSender,
  ) {}

  /** A retry posts to every webhook and mails again; receivers tell repeats by `alertId`. */
  async run({ alertId }: JobPayload<"deliver-alert">): Promise<void> {
    const alert = await this.repository.findUndelivered(alertId);
    if (!alert) return;
    const organisationId = await this.repository.organisationId();
    const body = JSON.stringify(alertBody(alert));
    const failures: string[] = [];
    for (const webhook of await this.repository.enabledWebhooks()) {
      try {
        const signature = signWebhook(this.#openSecret(webhook, organisationId), body, Date.now());
        await this.sender.post(webhook.url, body, signature);
      } catch (error) {
        failures.push(`${new URL(webhook.url).origin}: ${error instanceof Error ? error.message : "failed"}`);
      }
    }
    try {
      await this.mail.send(alertMail(alert));
    } catch (error) {
      failures.push(`e-mail: ${error instanceof Error ? error.message : "failed"}`);
    }
    if (failures.length > 0) {
      await this.repository.markFailed(alertId, failures.join("; "));
      throw new Error(`alert not delivered to ${failures.length} receiver(s)`);
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
