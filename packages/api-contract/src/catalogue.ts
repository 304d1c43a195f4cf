/** Every operation of the control-plane API. The server refuses to start if one has no handler. */
import { adminTokenOperations, auditLogOperations, memberOperations } from "./access.ts";
import { catalogueChangeOperations } from "./catalogue-changes.ts";
import { fidelityOperations } from "./fidelity.ts";
import { modelOperations } from "./models.ts";
import { monthlyReportOperations } from "./monthly-reports.ts";
import type { Operation } from "./operation.ts";
import { policyRevisionOperations } from "./policy-revisions.ts";
import { projectOperations } from "./projects.ts";
import { providerConnectionOperations } from "./provider-connections.ts";
import { gatewayFeeOperations } from "./gateway-fees.ts";
import { budgetOperations, rateLimitOperations } from "./quotas.ts";
import { reconciliationOperations } from "./reconciliation.ts";
import { reportOperations } from "./reports.ts";
import { requestOperations } from "./requests.ts";
import { routeOutcomeOperations } from "./route-outcomes.ts";
import { routeOperations } from "./routes.ts";
import { savedViewOperations } from "./saved-views.ts";
import { healthMapOperations } from "./health-map.ts";
import { alertOperations, systemOperations } from "./system.ts";
import { teamOperations } from "./teams.ts";
import { virtualKeyOperations } from "./virtual-keys.ts";
import { whatIfOperations } from "./what-if.ts";

export const allOperations: readonly Operation[] = [
  teamOperations,
  projectOperations,
  virtualKeyOperations,
  providerConnectionOperations,
  modelOperations,
  catalogueChangeOperations,
  routeOperations,
  routeOutcomeOperations,
  budgetOperations,
  rateLimitOperations,
  gatewayFeeOperations,
  policyRevisionOperations,
  whatIfOperations,
  requestOperations,
  reportOperations,
  monthlyReportOperations,
  savedViewOperations,
  reconciliationOperations,
  fidelityOperations,
  memberOperations,
  adminTokenOperations,
  auditLogOperations,
  alertOperations,
  systemOperations,
  healthMapOperations,
].flatMap((operations) => Object.values(operations) as unknown as Operation[]);
