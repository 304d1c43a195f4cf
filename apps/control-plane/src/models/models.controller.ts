import { Controller } from "@nestjs/common";
import { modelOperations } from "@switchyard/api-contract/models";
import { type Call, Handles } from "../operations/handles.ts";
import { ModelsService } from "./models.service.ts";

@Controller()
export class ModelsController {
  readonly #models: ModelsService;

  constructor(models: ModelsService) {
    this.#models = models;
  }

  @Handles(modelOperations.list)
  list({ query }: Call<typeof modelOperations.list>) {
    return this.#models.list(query);
  }

  @Handles(modelOperations.create)
  create({ actor, body }: Call<typeof modelOperations.create>) {
    return this.#models.create(actor, body);
  }

  @Handles(modelOperations.get)
  get({ params }: Call<typeof modelOperations.get>) {
    return this.#models.get(params.id);
  }

  @Handles(modelOperations.update)
  update({ actor, params, body }: Call<typeof modelOperations.update>) {
    return this.#models.update(actor, params.id, body);
  }

  @Handles(modelOperations.archive)
  archive({ actor, params }: Call<typeof modelOperations.archive>) {
    return this.#models.archive(actor, params.id);
  }

  @Handles(modelOperations.addPrice)
  addPrice({ actor, params, body }: Call<typeof modelOperations.addPrice>) {
    return this.#models.addPrice(actor, params.id, body);
  }
}
