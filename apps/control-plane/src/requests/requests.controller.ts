import { Controller } from "@nestjs/common";
import { requestOperations } from "@switchyard/api-contract/requests";
import { type Call, Handles } from "../operations/handles.ts";
import { RequestsService } from "./requests.service.ts";

@Controller()
export class RequestsController {
  readonly #requests: RequestsService;

  constructor(requests: RequestsService) {
    this.#requests = requests;
  }

  @Handles(requestOperations.list)
  list({ query }: Call<typeof requestOperations.list>) {
    return this.#requests.list(query);
  }

  @Handles(requestOperations.get)
  get({ params }: Call<typeof requestOperations.get>) {
    return this.#requests.get(params.requestId);
  }
}
