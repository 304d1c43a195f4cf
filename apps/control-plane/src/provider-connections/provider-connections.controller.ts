import { Controller } from "@nestjs/common";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { type Call, Handles } from "../operations/handles.ts";
import { listProviderKinds } from "./provider-kinds.ts";
import { ProviderConnectionsService } from "./provider-connections.service.ts";

@Controller()
export class ProviderConnectionsController {
  readonly #connections: ProviderConnectionsService;

  constructor(connections: ProviderConnectionsService) {
    this.#connections = connections;
  }

  @Handles(providerConnectionOperations.list)
  list({ query }: Call<typeof providerConnectionOperations.list>) {
    return this.#connections.list(query);
  }

  @Handles(providerConnectionOperations.kinds)
  async kinds(_call: Call<typeof providerConnectionOperations.kinds>) {
    return { items: listProviderKinds() };
  }

  @Handles(providerConnectionOperations.create)
  create({ actor, body }: Call<typeof providerConnectionOperations.create>) {
    return this.#connections.create(actor, body);
  }

  @Handles(providerConnectionOperations.get)
  get({ params }: Call<typeof providerConnectionOperations.get>) {
    return this.#connections.get(params.id);
  }

  @Handles(providerConnectionOperations.update)
  update({ actor, params, body }: Call<typeof providerConnectionOperations.update>) {
    return this.#connections.update(actor, params.id, body);
  }

  @Handles(providerConnectionOperations.archive)
  archive({ actor, params }: Call<typeof providerConnectionOperations.archive>) {
    return this.#connections.archive(actor, params.id);
  }

  @Handles(providerConnectionOperations.addCredential)
  addCredential({ actor, params, body }: Call<typeof providerConnectionOperations.addCredential>) {
    return this.#connections.addCredential(actor, params.id, body);
  }

  @Handles(providerConnectionOperations.removeCredential)
  removeCredential({ actor, params }: Call<typeof providerConnectionOperations.removeCredential>) {
    return this.#connections.removeCredential(actor, params.id, params.credentialId);
  }

  @Handles(providerConnectionOperations.test)
  test({ params }: Call<typeof providerConnectionOperations.test>) {
    return this.#connections.test(params.id);
  }
}
