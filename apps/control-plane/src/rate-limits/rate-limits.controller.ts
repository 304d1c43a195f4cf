import { Controller } from "@nestjs/common";
import { rateLimitOperations } from "@switchyard/api-contract/quotas";
import { type Call, Handles } from "../operations/handles.ts";
import { RateLimitsService } from "./rate-limits.service.ts";

@Controller()
export class RateLimitsController {
  readonly #rateLimits: RateLimitsService;

  constructor(rateLimits: RateLimitsService) {
    this.#rateLimits = rateLimits;
  }

  @Handles(rateLimitOperations.list)
  list({ query }: Call<typeof rateLimitOperations.list>) {
    return this.#rateLimits.list(query);
  }

  @Handles(rateLimitOperations.create)
  create({ actor, body }: Call<typeof rateLimitOperations.create>) {
    return this.#rateLimits.create(actor, body);
  }

  @Handles(rateLimitOperations.get)
  get({ params }: Call<typeof rateLimitOperations.get>) {
    return this.#rateLimits.get(params.id);
  }

  @Handles(rateLimitOperations.update)
  update({ actor, params, body }: Call<typeof rateLimitOperations.update>) {
    return this.#rateLimits.update(actor, params.id, body);
  }

  @Handles(rateLimitOperations.archive)
  archive({ actor, params }: Call<typeof rateLimitOperations.archive>) {
    return this.#rateLimits.archive(actor, params.id);
  }
}
