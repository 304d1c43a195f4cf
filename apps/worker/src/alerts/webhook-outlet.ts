import { Injectable } from "@nestjs/common";
import type { MasterKeyring } from "@switchyard/secrets/master-key";
import { openCredential } from "@switchyard/secrets/sealed-credential";
import { signWebhook } from "@switchyard/secrets/webhook-signature";
import { AlertRepository, type AlertWebhook } from "./alert.repository.ts";
import { WebhookSender } from "./webhook-sender.ts";

export class AlertSecrets {
  constructor(readonly keyring: MasterKeyring) {}
}

/** Every webhook that is switched on, each signed with its own secret. */
@Injectable()
export class WebhookOutlet {
  constructor(
    private readonly repository: AlertRepository,
    private readonly secrets: AlertSecrets,
    private readonly sender: WebhookSender,
  ) {}

  /** Posts to each of them, whatever becomes of the others; answers what went wrong, in words that hold no secret. */
  async post(message: object): Promise<string[]> {
    const organisationId = await this.repository.organisationId();
    const body = JSON.stringify(message);
    const failures: string[] = [];
    for (const webhook of await this.repository.enabledWebhooks()) {
      try {
        const signature = signWebhook(this.#openSecret(webhook, organisationId), body, Date.now());
        await this.sender.post(webhook.url, body, signature);
      } catch (error) {
        failures.push(`${new URL(webhook.url).origin}: ${error instanceof Error ? error.message : "failed"}`);
      }
    }
    return failures;
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
