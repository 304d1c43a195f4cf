import { type DynamicModule, Module } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { AdminTokensModule } from "./admin-tokens/admin-tokens.module.ts";
import { AlertsModule } from "./alerts/alerts.module.ts";
import { AuditLogModule } from "./audit-log/audit-log.module.ts";
import { AuthModule } from "./auth/auth.module.ts";
import { BudgetsModule } from "./budgets/budgets.module.ts";
import { CatalogueChangesModule } from "./catalogue-changes/catalogue-changes.module.ts";
import { DashboardModule } from "./dashboard/dashboard.module.ts";
import { DatabaseModule } from "./database/database.module.ts";
import type { ControlPlaneEnv } from "./env.ts";
import { EnvModule } from "./env.module.ts";
import { FidelityModule } from "./fidelity/fidelity.module.ts";
import { GatewayFeesModule } from "./gateway-fees/gateway-fees.module.ts";
import { HealthModule } from "./health/health.module.ts";
import { LoggingModule } from "./logging.ts";
import { OperationsModule } from "./operations/operations.module.ts";
import { OrganisationModule } from "./organisation/organisation.module.ts";
import { MembersModule } from "./members/members.module.ts";
import { MonthlyReportsModule } from "./monthly-reports/monthly-reports.module.ts";
import { ModelsModule } from "./models/models.module.ts";
import { PolicyPublicationModule } from "./policy-revisions/policy-publication.module.ts";
import { PolicyRevisionsModule } from "./policy-revisions/policy-revisions.module.ts";
import { ProjectsModule } from "./projects/projects.module.ts";
import { ProviderConnectionsModule } from "./provider-connections/provider-connections.module.ts";
import { RateLimitsModule } from "./rate-limits/rate-limits.module.ts";
import { ReconciliationModule } from "./reconciliation/reconciliation.module.ts";
import { ReportsModule } from "./reports/reports.module.ts";
import { RequestsModule } from "./requests/requests.module.ts";
import { ResourceNamesModule } from "./resource-names/resource-names.module.ts";
import { RoutesModule } from "./routes/routes.module.ts";
import { RouteOutcomesModule } from "./route-outcomes/route-outcomes.module.ts";
import { HealthMapModule } from "./health-map/health-map.module.ts";
import { SavedViewsModule } from "./saved-views/saved-views.module.ts";
import { SystemModule } from "./system/system.module.ts";
import { TeamsModule } from "./teams/teams.module.ts";
import { VirtualKeysModule } from "./virtual-keys/virtual-keys.module.ts";
import { WhatIfModule } from "./what-if/what-if.module.ts";

/** What stands under every resource. */
const foundation = [DatabaseModule, OrganisationModule, PolicyPublicationModule, ResourceNamesModule];
const resources = [
  TeamsModule,
  ProjectsModule,
  VirtualKeysModule,
  ProviderConnectionsModule,
  ModelsModule,
  CatalogueChangesModule,
  RoutesModule,
  BudgetsModule,
  RateLimitsModule,
  GatewayFeesModule,
  PolicyRevisionsModule,
  WhatIfModule,
  RequestsModule,
  ReportsModule,
  MonthlyReportsModule,
  SavedViewsModule,
  ReconciliationModule,
  FidelityModule,
  MembersModule,
  AdminTokensModule,
  AuditLogModule,
  AlertsModule,
  SystemModule,
  HealthMapModule,
  RouteOutcomesModule,
];

@Module({})
export class ControlPlaneModule {
  static with(env: ControlPlaneEnv, logger: Logger): DynamicModule {
    return {
      module: ControlPlaneModule,
      imports: [
        EnvModule.with(env),
        LoggingModule.with(logger),
        ...foundation,
        OperationsModule,
        AuthModule,
        HealthModule,
        DashboardModule,
        ...resources,
      ],
    };
  }
}
