import { Module } from "@nestjs/common";
import { IdentityModule } from "../identity/identity.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { ModelPipeline } from "./model.pipeline.ts";
import { ModelsPipeline } from "./models.pipeline.ts";
import { ModelsRoutes } from "./models.routes.ts";

@Module({ imports: [PoliciesModule, IdentityModule], providers: [ModelsPipeline, ModelPipeline, ModelsRoutes] })
export class ModelsModule {}
