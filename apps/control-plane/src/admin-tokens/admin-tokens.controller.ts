import { Controller } from "@nestjs/common";
import { adminTokenOperations } from "@switchyard/api-contract/access";
import { type Call, Handles } from "../operations/handles.ts";
import { AdminTokensService } from "./admin-tokens.service.ts";

@Controller()
export class AdminTokensController {
  readonly #tokens: AdminTokensService;

  constructor(tokens: AdminTokensService) {
    this.#tokens = tokens;
  }

  @Handles(adminTokenOperations.list)
  list({ query }: Call<typeof adminTokenOperations.list>) {
    return this.#tokens.list(query);
  }

  @Handles(adminTokenOperations.create)
  create({ actor, body }: Call<typeof adminTokenOperations.create>) {
    return this.#tokens.create(actor, body);
  }

  @Handles(adminTokenOperations.revoke)
  revoke({ actor, params }: Call<typeof adminTokenOperations.revoke>) {
    return this.#tokens.revoke(actor, params.id);
  }
}
