import { auditLogOperations } from "@switchyard/api-contract/access";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

export interface AuditSelection {
  readonly resourceType: string | null;
  readonly resourceId: string | null;
  readonly actor: string | null;
  /** Days in the viewer's zone as YYYY-MM-DD, both included. */
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly cursor: string | null;
}

const pageSize = 50;

export const auditLogQuery = (selection: AuditSelection) =>
  queryOptions({
    queryKey: ["audit-log", selection],
    queryFn: async ({ signal }) => {
      const { resourceType, resourceId, actor, firstDay, lastDay, cursor } = selection;
      const from = startOfDay(firstDay, 0);
      const to = startOfDay(lastDay, 1);
      const query = {
        limit: pageSize,
        ...(resourceType === null ? {} : { resourceType }),
        ...(resourceId === null ? {} : { resourceId }),
        ...(actor === null ? {} : { actor }),
        ...(from === null ? {} : { from }),
        ...(to === null ? {} : { to }),
        ...(cursor === null ? {} : { cursor }),
      };
      return (await callOperation(auditLogOperations.list, { signal, query })).data;
    },
    placeholderData: keepPreviousData,
  });

/** The instant at which a day begins here, some days later; null where the address names no day. */
function startOfDay(day: string | null, daysLater: number): string | null {
  const start = day === null ? null : new Date(`${day}T00:00:00`);
  if (start === null || Number.isNaN(start.getTime())) return null;
  start.setDate(start.getDate() + daysLater);
  return start.toISOString();
}
