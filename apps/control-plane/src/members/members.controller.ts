import { Controller } from "@nestjs/common";
import { memberOperations } from "@switchyard/api-contract/access";
import { type Call, Handles } from "../operations/handles.ts";
import { MembersService } from "./members.service.ts";

@Controller()
export class MembersController {
  readonly #members: MembersService;

  constructor(members: MembersService) {
    this.#members = members;
  }

  @Handles(memberOperations.session)
  session({ actor }: Call<typeof memberOperations.session>) {
    return this.#members.session(actor);
  }

  @Handles(memberOperations.list)
  list({ actor, query }: Call<typeof memberOperations.list>) {
    return this.#members.list(actor, query);
  }

  @Handles(memberOperations.add)
  add({ actor, body }: Call<typeof memberOperations.add>) {
    return this.#members.add(actor, body);
  }

  @Handles(memberOperations.changeRole)
  changeRole({ actor, params, body }: Call<typeof memberOperations.changeRole>) {
    return this.#members.changeRole(actor, params.id, body.role);
  }

  @Handles(memberOperations.remove)
  remove({ actor, params }: Call<typeof memberOperations.remove>) {
    return this.#members.remove(actor, params.id);
  }
}
