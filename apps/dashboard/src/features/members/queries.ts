import { adminTokenOperations, memberOperations, type AdminToken, type Member } from "@switchyard/api-contract/access";
import { queryOptions } from "@tanstack/react-query";
import { everyPage } from "../../control-plane/every-page.ts";

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => everyPage<Member>(memberOperations.list, {}, signal),
});

export const adminTokensQuery = queryOptions({
  queryKey: ["admin-tokens"],
  queryFn: ({ signal }) => everyPage<AdminToken>(adminTokenOperations.list, {}, signal),
});
