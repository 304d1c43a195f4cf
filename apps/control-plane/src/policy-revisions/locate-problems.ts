import type { PolicyProblem } from "@switchyard/policy-engine/policy/validate-policy";
import type { AuditDraft } from "../audit-log/audit-entry.repository.ts";
import type { Problem } from "../errors/control-plane-error.ts";

const identityOf: Readonly<Record<string, string>> = {
  teams: "teamId",
  projects: "projectId",
  virtualKeys: "virtualKeyId",
  connections: "connectionId",
  models: "modelId",
  routes: "routeId",
  quotas: "quotaId",
};

const entryPattern = /^(\w+)\[(\d+)\]\.?(.*)$/;

/**
 * Problems of a compiled policy in the words of whoever made the change: a fault inside the edited resource gets a path
 * inside the request (`targets[0].weight`), a fault elsewhere names the resource instead of its index (`routes[fast].targets`).
 */
export function locateProblems(problems: readonly PolicyProblem[], candidate: object, edited: AuditDraft): Problem[] {
  return problems.map((problem) => {
    const [, list = "", index = "", rest = ""] = entryPattern.exec(problem.path) ?? [];
    const entry = (candidate as Record<string, Record<string, string | undefined>[] | undefined>)[list]?.[
      Number(index)
    ];
    if (!entry) return { ...problem };
    const isEdited = entry[identityOf[list] ?? ""] === edited.resourceId;
    const path = isEdited ? rest : `${list}[${entry["name"] ?? entry["providerModel"] ?? index}]${rest && `.${rest}`}`;
    return { path, code: problem.code, message: problem.message };
  });
}
