import { Module } from "@nestjs/common";
import { PoliciesModule } from "../policies/policies.module.ts";
import { HealthController } from "./health.controller.ts";

@Module({ imports: [PoliciesModule], controllers: [HealthController] })
export class HealthModule {}
