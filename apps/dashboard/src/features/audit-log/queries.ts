import { auditLogOperations } from "@switchyard/api-contract/access";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

export interface AuditSelection {
  readonly resourceType: string | null;
  readonly actor: string | null;
  readonly cursor: string | null;
}

export const auditLogQuery = ({ resourceType, actor, cursor }: AuditSelection) =>
  queryOptions({
    queryKey: ["audit-log", resourceType, actor, cursor],
    queryFn: async ({ signal }) => {
      const query = {
        limit: 50,
        ...(resourceType === null ? {} : { resourceType }),
        ...(actor === null ? {} : { actor }),
        ...(cursor === null ? {} : { cursor }),
      };
      return (await callOperation(auditLogOperations.list, { signal, query })).data;
    },
    placeholderData: keepPreviousData,
  });
