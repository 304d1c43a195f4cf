import { Controller } from "@nestjs/common";
import { requestOperations } from "@switchyard/api-contract/requests";
import { type Call, Handles } from "../operations/handles.ts";
import { RefusalService } from "./refusal.service.ts";
import { RequestsService } from "./requests.service.ts";

@Controller()
export class RequestsController {
  readonly #requests: RequestsService;
  readonly #refusals: RefusalService;

  constructor(requests: RequestsService, refusals: RefusalService) {
    this.#requests = requests;
    this.#refusals = refusals;
  }

  @Handles(requestOperations.list)
  list({ query }: Call<typeof requestOperations.list>) {
    return this.#requests.list(query);
  }

  @Handles(requestOperations.refusal)
  refusal({ params }: Call<typeof requestOperations.refusal>) {
    return this.#refusals.explain(params.requestId);
  }

  @Handles(requestOperations.get)
  get({ params }: Call<typeof requestOperations.get>) {
    return this.#requests.get(params.requestId);
  }
}
