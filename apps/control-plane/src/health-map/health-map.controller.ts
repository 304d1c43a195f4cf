import { Controller } from "@nestjs/common";
import { healthMapOperations } from "@switchyard/api-contract/health-map";
import { type Call, Handles } from "../operations/handles.ts";
import { HealthMapService } from "./health-map.service.ts";

@Controller()
export class HealthMapController {
  readonly #health: HealthMapService;

  constructor(health: HealthMapService) {
    this.#health = health;
  }

  @Handles(healthMapOperations.get)
  get(_call: Call<typeof healthMapOperations.get>) {
    return this.#health.get();
  }
}
