import { Controller } from "@nestjs/common";
import { alertOperations } from "@switchyard/api-contract/system";
import { type Call, Handles } from "../operations/handles.ts";
import { AlertsService } from "./alerts.service.ts";

@Controller()
export class AlertsController {
  readonly #alerts: AlertsService;

  constructor(alerts: AlertsService) {
    this.#alerts = alerts;
  }

  @Handles(alertOperations.list)
  list({ query }: Call<typeof alertOperations.list>) {
    return this.#alerts.list(query);
  }

  @Handles(alertOperations.webhooks)
  webhooks(_call: Call<typeof alertOperations.webhooks>) {
    return this.#alerts.listWebhooks();
  }

  @Handles(alertOperations.addWebhook)
  addWebhook({ actor, body }: Call<typeof alertOperations.addWebhook>) {
    return this.#alerts.addWebhook(actor, body);
  }

  @Handles(alertOperations.removeWebhook)
  removeWebhook({ actor, params }: Call<typeof alertOperations.removeWebhook>) {
    return this.#alerts.removeWebhook(actor, params.id);
  }
}
