import { Injectable } from "@nestjs/common";
import type { JobPayload } from "@switchyard/metering/job-catalogue";
import { MailSender } from "../alerts/mail-sender.ts";
import { WebhookOutlet } from "../alerts/webhook-outlet.ts";
import type { JobHandler } from "../queue/job-handler.ts";
import { reportBody, reportMail } from "./describe-report.ts";
import { ReportDeliveryRepository } from "./report-delivery.repository.ts";

@Injectable()
export class DeliverMonthlyReportProcessor implements JobHandler<"deliver-monthly-report"> {
  readonly job = "deliver-monthly-report";

  constructor(
    private readonly deliveries: ReportDeliveryRepository,
    private readonly webhooks: WebhookOutlet,
    private readonly mail: MailSender,
  ) {}

  /** A retry posts and mails again; receivers tell repeats by `reportId`. */
  async run({ reportId }: JobPayload<"deliver-monthly-report">): Promise<void> {
    const report = await this.deliveries.find(reportId);
    if (report === null) return;
    const failures = [
      ...(report.postsToWebhooks ? await this.webhooks.post(reportBody(report)) : []),
      ...(await this.mail.trySend(reportMail(report))),
    ];
    if (failures.length > 0) {
      await this.deliveries.noteFailed(reportId, failures.join("; "));
      throw new Error(`report not delivered to ${failures.length} receiver(s)`);
    }
    await this.deliveries.noteDelivered(reportId);
  }
}
