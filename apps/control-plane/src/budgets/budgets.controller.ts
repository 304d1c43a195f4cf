import { Controller } from "@nestjs/common";
import { budgetOperations } from "@switchyard/api-contract/quotas";
import { type Call, Handles } from "../operations/handles.ts";
import { BudgetOutlookService } from "./budget-outlook.service.ts";
import { BudgetsService } from "./budgets.service.ts";

@Controller()
export class BudgetsController {
  readonly #budgets: BudgetsService;
  readonly #outlook: BudgetOutlookService;

  constructor(budgets: BudgetsService, outlook: BudgetOutlookService) {
    this.#budgets = budgets;
    this.#outlook = outlook;
  }

  @Handles(budgetOperations.list)
  list({ query }: Call<typeof budgetOperations.list>) {
    return this.#budgets.list(query);
  }

  @Handles(budgetOperations.create)
  create({ actor, body }: Call<typeof budgetOperations.create>) {
    return this.#budgets.create(actor, body);
  }

  @Handles(budgetOperations.get)
  get({ params }: Call<typeof budgetOperations.get>) {
    return this.#budgets.get(params.id);
  }

  @Handles(budgetOperations.update)
  update({ actor, params, body }: Call<typeof budgetOperations.update>) {
    return this.#budgets.update(actor, params.id, body);
  }

  @Handles(budgetOperations.raise)
  raise({ actor, params, body }: Call<typeof budgetOperations.raise>) {
    return this.#budgets.raise(actor, params.id, body);
  }

  @Handles(budgetOperations.endRaise)
  endRaise({ actor, params }: Call<typeof budgetOperations.endRaise>) {
    return this.#budgets.endRaise(actor, params.id);
  }

  @Handles(budgetOperations.outlook)
  outlook() {
    return this.#outlook.get();
  }

  @Handles(budgetOperations.members)
  members({ params }: Call<typeof budgetOperations.members>) {
    return this.#budgets.listMembers(params.id);
  }

  @Handles(budgetOperations.archive)
  archive({ actor, params }: Call<typeof budgetOperations.archive>) {
    return this.#budgets.archive(actor, params.id);
  }
}
