import { Injectable } from "@nestjs/common";
import type { JobPayload } from "@switchyard/metering/job-catalogue";
import type { JobHandler } from "../queue/job-handler.ts";
import { AlertRepository } from "./alert.repository.ts";
import { alertBody, alertMail } from "./describe-alert.ts";
import { MailSender } from "./mail-sender.ts";
import { WebhookOutlet } from "./webhook-outlet.ts";

@Injectable()
export class DeliverAlertProcessor implements JobHandler<"deliver-alert"> {
  readonly job = "deliver-alert";

  constructor(
    private readonly repository: AlertRepository,
    private readonly webhooks: WebhookOutlet,
    private readonly mail: MailSender,
  ) {}

  /** A retry posts to every webhook and mails again; receivers tell repeats by `alertId`. */
  async run({ alertId }: JobPayload<"deliver-alert">): Promise<void> {
    const alert = await this.repository.findUndelivered(alertId);
    if (!alert) return;
    const failures = [...(await this.webhooks.post(alertBody(alert))), ...(await this.mail.trySend(alertMail(alert)))];
    if (failures.length > 0) {
      await this.repository.markFailed(alertId, failures.join("; "));
      throw new Error(`alert not delivered to ${failures.length} receiver(s)`);
    }
    await this.repository.markDelivered(alertId);
  }
}
