import { Controller } from "@nestjs/common";
import { routeOutcomeOperations } from "@switchyard/api-contract/route-outcomes";
import { type Call, Handles } from "../operations/handles.ts";
import { RouteOutcomesService } from "./route-outcomes.service.ts";

@Controller()
export class RouteOutcomesController {
  readonly #outcomes: RouteOutcomesService;

  constructor(outcomes: RouteOutcomesService) {
    this.#outcomes = outcomes;
  }

  @Handles(routeOutcomeOperations.get)
  get({ params, query }: Call<typeof routeOutcomeOperations.get>) {
    return this.#outcomes.get(params.id, query);
  }
}
