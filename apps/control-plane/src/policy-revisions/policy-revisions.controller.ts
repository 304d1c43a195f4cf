import { Controller } from "@nestjs/common";
import { policyRevisionOperations } from "@switchyard/api-contract/policy-revisions";
import { type Call, Handles } from "../operations/handles.ts";
import { PolicyRevisionsService } from "./policy-revisions.service.ts";

@Controller()
export class PolicyRevisionsController {
  readonly #revisions: PolicyRevisionsService;

  constructor(revisions: PolicyRevisionsService) {
    this.#revisions = revisions;
  }

  @Handles(policyRevisionOperations.list)
  list({ query }: Call<typeof policyRevisionOperations.list>) {
    return this.#revisions.list(query);
  }

  @Handles(policyRevisionOperations.get)
  get({ params }: Call<typeof policyRevisionOperations.get>) {
    return this.#revisions.get(params.number);
  }

  @Handles(policyRevisionOperations.diff)
  diff({ params, query }: Call<typeof policyRevisionOperations.diff>) {
    return this.#revisions.diff(params.number, query.against);
  }

  @Handles(policyRevisionOperations.rollBack)
  rollBack({ actor, params }: Call<typeof policyRevisionOperations.rollBack>) {
    return this.#revisions.rollBackTo(actor, params.number);
  }
}
