import { Controller } from "@nestjs/common";
import { reconciliationOperations } from "@switchyard/api-contract/reconciliation";
import { type Call, Handles } from "../operations/handles.ts";
import { ClosedPeriodsService } from "./closed-periods.service.ts";
import { ReconciliationService } from "./reconciliation.service.ts";

@Controller()
export class ReconciliationController {
  readonly #reconciliation: ReconciliationService;
  readonly #periods: ClosedPeriodsService;

  constructor(reconciliation: ReconciliationService, periods: ClosedPeriodsService) {
    this.#reconciliation = reconciliation;
    this.#periods = periods;
  }

  @Handles(reconciliationOperations.compare)
  compare({ query }: Call<typeof reconciliationOperations.compare>) {
    return this.#reconciliation.compare(query);
  }

  @Handles(reconciliationOperations.unpriced)
  unpriced({ query }: Call<typeof reconciliationOperations.unpriced>) {
    return this.#reconciliation.unpriced(query);
  }

  @Handles(reconciliationOperations.statements)
  statements(_call: Call<typeof reconciliationOperations.statements>) {
    return this.#reconciliation.listStatements();
  }

  @Handles(reconciliationOperations.importStatement)
  importStatement({ actor, body }: Call<typeof reconciliationOperations.importStatement>) {
    return this.#reconciliation.import(actor, body);
  }

  @Handles(reconciliationOperations.periods)
  periods(_call: Call<typeof reconciliationOperations.periods>) {
    return this.#periods.list();
  }

  @Handles(reconciliationOperations.closePeriod)
  closePeriod({ actor, body }: Call<typeof reconciliationOperations.closePeriod>) {
    return this.#periods.close(actor, body.month);
  }
}
