import { Module } from "@nestjs/common";
import { IngestionRepository } from "./ingestion.repository.ts";
import { SpendRepository } from "./spend.repository.ts";

/** Figures of usage that other resources show beside their own. */
@Module({ providers: [IngestionRepository, SpendRepository], exports: [IngestionRepository, SpendRepository] })
export class UsageFiguresModule {}
