import { Global, Module } from "@nestjs/common";
import { OrganisationRepository } from "./organisation.repository.ts";

@Global()
@Module({ providers: [OrganisationRepository], exports: [OrganisationRepository] })
export class OrganisationModule {}
