import { Controller } from "@nestjs/common";
import { fidelityOperations } from "@switchyard/api-contract/fidelity";
import { type Call, Handles } from "../operations/handles.ts";
import { FidelityService } from "./fidelity.service.ts";

@Controller()
export class FidelityController {
  readonly #fidelity: FidelityService;

  constructor(fidelity: FidelityService) {
    this.#fidelity = fidelity;
  }

  @Handles(fidelityOperations.list)
  async list(_call: Call<typeof fidelityOperations.list>) {
    return { items: this.#fidelity.list() };
  }

  @Handles(fidelityOperations.start)
  start({ actor, body }: Call<typeof fidelityOperations.start>) {
    return this.#fidelity.start(actor, body);
  }

  @Handles(fidelityOperations.get)
  async get({ params }: Call<typeof fidelityOperations.get>) {
    return this.#fidelity.get(params.id);
  }
}
