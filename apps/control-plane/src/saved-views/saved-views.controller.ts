import { Controller } from "@nestjs/common";
import { savedViewOperations } from "@switchyard/api-contract/saved-views";
import { type Call, Handles } from "../operations/handles.ts";
import { SavedViewsService } from "./saved-views.service.ts";

@Controller()
export class SavedViewsController {
  readonly #views: SavedViewsService;

  constructor(views: SavedViewsService) {
    this.#views = views;
  }

  @Handles(savedViewOperations.list)
  list({ actor, query }: Call<typeof savedViewOperations.list>) {
    return this.#views.list(actor, query.page);
  }

  @Handles(savedViewOperations.save)
  save({ actor, body }: Call<typeof savedViewOperations.save>) {
    return this.#views.save(actor, body);
  }

  @Handles(savedViewOperations.setDefault)
  setDefault({ actor, body }: Call<typeof savedViewOperations.setDefault>) {
    return this.#views.setDefault(actor, body.page, body.viewId);
  }

  @Handles(savedViewOperations.change)
  change({ actor, params, body }: Call<typeof savedViewOperations.change>) {
    return this.#views.change(actor, params.id, body);
  }

  @Handles(savedViewOperations.remove)
  remove({ actor, params }: Call<typeof savedViewOperations.remove>) {
    return this.#views.remove(actor, params.id);
  }

  @Handles(savedViewOperations.restore)
  restore({ actor, params }: Call<typeof savedViewOperations.restore>) {
    return this.#views.restore(actor, params.id);
  }
}
