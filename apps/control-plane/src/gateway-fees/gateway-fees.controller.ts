import { Controller } from "@nestjs/common";
import { gatewayFeeOperations } from "@switchyard/api-contract/gateway-fees";
import { type Call, Handles } from "../operations/handles.ts";
import { GatewayFeesService } from "./gateway-fees.service.ts";

@Controller()
export class GatewayFeesController {
  readonly #fees: GatewayFeesService;

  constructor(fees: GatewayFeesService) {
    this.#fees = fees;
  }

  @Handles(gatewayFeeOperations.list)
  list() {
    return this.#fees.list();
  }

  @Handles(gatewayFeeOperations.set)
  set({ actor, body }: Call<typeof gatewayFeeOperations.set>) {
    return this.#fees.set(actor, body);
  }

  @Handles(gatewayFeeOperations.remove)
  remove({ actor, params }: Call<typeof gatewayFeeOperations.remove>) {
    return this.#fees.remove(actor, params.id);
  }
}
