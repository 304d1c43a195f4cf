import { Controller } from "@nestjs/common";
import { routeOperations } from "@switchyard/api-contract/routes";
import { type Call, Handles } from "../operations/handles.ts";
import { RoutesService } from "./routes.service.ts";

@Controller()
export class RoutesController {
  readonly #routes: RoutesService;

  constructor(routes: RoutesService) {
    this.#routes = routes;
  }

  @Handles(routeOperations.list)
  list({ query }: Call<typeof routeOperations.list>) {
    return this.#routes.list(query);
  }

  @Handles(routeOperations.create)
  create({ actor, body }: Call<typeof routeOperations.create>) {
    return this.#routes.create(actor, body);
  }

  @Handles(routeOperations.get)
  get({ params }: Call<typeof routeOperations.get>) {
    return this.#routes.get(params.id);
  }

  @Handles(routeOperations.replace)
  replace({ actor, params, body }: Call<typeof routeOperations.replace>) {
    return this.#routes.replace(actor, params.id, body);
  }

  @Handles(routeOperations.remove)
  remove({ actor, params }: Call<typeof routeOperations.remove>) {
    return this.#routes.remove(actor, params.id);
  }
}
