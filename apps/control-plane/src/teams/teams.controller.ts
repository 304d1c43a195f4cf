import { Controller } from "@nestjs/common";
import { teamOperations } from "@switchyard/api-contract/teams";
import { type Call, Handles } from "../operations/handles.ts";
import { TeamsService } from "./teams.service.ts";

@Controller()
export class TeamsController {
  readonly #teams: TeamsService;

  constructor(teams: TeamsService) {
    this.#teams = teams;
  }

  @Handles(teamOperations.list)
  list({ query }: Call<typeof teamOperations.list>) {
    return this.#teams.list(query);
  }

  @Handles(teamOperations.create)
  create({ actor, body }: Call<typeof teamOperations.create>) {
    return this.#teams.create(actor, body);
  }

  @Handles(teamOperations.get)
  get({ params }: Call<typeof teamOperations.get>) {
    return this.#teams.get(params.id);
  }

  @Handles(teamOperations.update)
  update({ actor, params, body }: Call<typeof teamOperations.update>) {
    return this.#teams.rename(actor, params.id, body);
  }

  @Handles(teamOperations.archive)
  archive({ actor, params }: Call<typeof teamOperations.archive>) {
    return this.#teams.archive(actor, params.id);
  }
}
