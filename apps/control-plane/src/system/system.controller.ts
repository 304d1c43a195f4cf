import { Controller } from "@nestjs/common";
import { systemOperations } from "@switchyard/api-contract/system";
import { type Call, Handles } from "../operations/handles.ts";
import { SystemService } from "./system.service.ts";

@Controller()
export class SystemController {
  readonly #system: SystemService;

  constructor(system: SystemService) {
    this.#system = system;
  }

  @Handles(systemOperations.get)
  get(_call: Call<typeof systemOperations.get>) {
    return this.#system.get();
  }
}
