import { Injectable } from "@nestjs/common";
import type { Scope } from "@switchyard/api-contract/quotas";
import type { Connection } from "../database/database.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { type NamedResource, ResourceNameRepository } from "../resource-names/resource-name.repository.ts";

const tagPattern = /^[^=\s,]+=[^=\s,]+$/;

/** Refuses scopes that no call could ever fall under. */
@Injectable()
export class QuotaScopes {
  readonly #names: ResourceNameRepository;

  constructor(names: ResourceNameRepository) {
    this.#names = names;
  }

  async require(connection: Connection, scope: Scope): Promise<void> {
    const fault = await this.#findFault(connection, scope);
    if (fault) throw new ControlPlaneError("invalid_policy", { problems: [{ path: "scope.id", ...fault }] });
  }

  async #findFault(connection: Connection, scope: Scope): Promise<{ code: string; message: string } | null> {
    if (scope.type === "tag" && !tagPattern.test(scope.id)) {
      return { code: "invalid_tag", message: "must be name=value, for example env=prod" };
    }
    if (isLiteral(scope)) return null;
    const isLive = await this.#names.isLive(connection, scope.type as NamedResource, scope.id);
    return isLive
      ? null
      : { code: "unknown_scope", message: `names no ${scope.type.replace("_", " ")} that is in use` };
  }
}

/** Users, sessions and tags stand for themselves. */
function isLiteral({ type }: Scope): boolean {
  return type === "user" || type === "session" || type === "tag";
}
