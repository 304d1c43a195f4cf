import { Module } from "@nestjs/common";
import { QuotaRepository } from "./quota.repository.ts";
import { QuotaScopes } from "./quota-scopes.ts";

/** What budgets and rate limits share: they are one mechanism. */
@Module({ providers: [QuotaRepository, QuotaScopes], exports: [QuotaRepository, QuotaScopes] })
export class QuotasModule {}
