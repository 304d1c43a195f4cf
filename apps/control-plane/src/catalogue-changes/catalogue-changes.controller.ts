import { Controller } from "@nestjs/common";
import { catalogueChangeOperations } from "@switchyard/api-contract/catalogue-changes";
import { type Call, Handles } from "../operations/handles.ts";
import { CatalogueChangesService } from "./catalogue-changes.service.ts";

@Controller()
export class CatalogueChangesController {
  readonly #changes: CatalogueChangesService;

  constructor(changes: CatalogueChangesService) {
    this.#changes = changes;
  }

  @Handles(catalogueChangeOperations.list)
  list(_call: Call<typeof catalogueChangeOperations.list>) {
    return this.#changes.list();
  }

  @Handles(catalogueChangeOperations.apply)
  apply({ actor, body }: Call<typeof catalogueChangeOperations.apply>) {
    return this.#changes.apply(actor, body);
  }
}
