import { Controller } from "@nestjs/common";
import { whatIfOperations } from "@switchyard/api-contract/what-if";
import { type Call, Handles } from "../operations/handles.ts";
import { WhatIfService } from "./what-if.service.ts";

@Controller()
export class WhatIfController {
  readonly #whatIf: WhatIfService;

  constructor(whatIf: WhatIfService) {
    this.#whatIf = whatIf;
  }

  @Handles(whatIfOperations.preview)
  preview({ body }: Call<typeof whatIfOperations.preview>) {
    return this.#whatIf.preview(body);
  }
}
