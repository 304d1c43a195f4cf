import { type DynamicModule, Module } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { AdminTokenRepository } from "../admin-tokens/admin-token.repository.ts";
import { DatabaseModule } from "../database/database.module.ts";
import { EnvModule } from "../env.module.ts";
import type { ControlPlaneEnv } from "../env.ts";
import { LoggingModule } from "../logging.ts";
import { MemberRepository } from "../members/member.repository.ts";
import { ModelRepository } from "../models/model.repository.ts";
import { OrganisationModule } from "../organisation/organisation.module.ts";
import { PolicyPublicationModule } from "../policy-revisions/policy-publication.module.ts";
import { ProjectRepository } from "../projects/project.repository.ts";
import { ProviderConnectionRepository } from "../provider-connections/provider-connection.repository.ts";
import { QuotaRepository } from "../quotas/quota.repository.ts";
import { RouteRepository } from "../routes/route.repository.ts";
import { TeamRepository } from "../teams/team.repository.ts";
import { VirtualKeyRepository } from "../virtual-keys/virtual-key.repository.ts";
import { CatalogueImportRepository } from "./catalogue-import.repository.ts";
import { CatalogueSeeder } from "./catalogue.seeder.ts";
import { OrganisationSeeder } from "./organisation.seeder.ts";
import { RoutingSeeder } from "./routing.seeder.ts";
import { Seeder } from "./seeder.ts";

const repositories = [
  AdminTokenRepository,
  CatalogueImportRepository,
  MemberRepository,
  ModelRepository,
  ProjectRepository,
  ProviderConnectionRepository,
  QuotaRepository,
  RouteRepository,
  TeamRepository,
  VirtualKeyRepository,
];

@Module({})
export class SeedModule {
  static with(env: ControlPlaneEnv, logger: Logger): DynamicModule {
    return {
      module: SeedModule,
      imports: [
        EnvModule.with(env),
        LoggingModule.with(logger),
        DatabaseModule,
        OrganisationModule,
        PolicyPublicationModule,
      ],
      providers: [...repositories, CatalogueSeeder, OrganisationSeeder, RoutingSeeder, Seeder],
    };
  }
}
