import { Controller } from "@nestjs/common";
import { virtualKeyOperations } from "@switchyard/api-contract/virtual-keys";
import { type Call, Handles } from "../operations/handles.ts";
import { VirtualKeysService } from "./virtual-keys.service.ts";

@Controller()
export class VirtualKeysController {
  readonly #keys: VirtualKeysService;

  constructor(keys: VirtualKeysService) {
    this.#keys = keys;
  }

  @Handles(virtualKeyOperations.list)
  list({ query }: Call<typeof virtualKeyOperations.list>) {
    return this.#keys.list(query);
  }

  @Handles(virtualKeyOperations.issue)
  issue({ actor, body }: Call<typeof virtualKeyOperations.issue>) {
    return this.#keys.issue(actor, body);
  }

  @Handles(virtualKeyOperations.get)
  get({ params }: Call<typeof virtualKeyOperations.get>) {
    return this.#keys.get(params.id);
  }

  @Handles(virtualKeyOperations.update)
  update({ actor, params, body }: Call<typeof virtualKeyOperations.update>) {
    return this.#keys.update(actor, params.id, body);
  }

  @Handles(virtualKeyOperations.rotate)
  rotate({ actor, params, body }: Call<typeof virtualKeyOperations.rotate>) {
    return this.#keys.rotate(actor, params.id, body);
  }

  @Handles(virtualKeyOperations.revoke)
  revoke({ actor, params }: Call<typeof virtualKeyOperations.revoke>) {
    return this.#keys.revoke(actor, params.id);
  }
}
