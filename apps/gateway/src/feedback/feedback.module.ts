import { Module } from "@nestjs/common";
import { IdentityModule } from "../identity/identity.module.ts";
import { ParseModule } from "../parse/parse.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { ReceiptsModule } from "../receipts/receipts.module.ts";
import { FeedbackPipeline } from "./feedback.pipeline.ts";
import { FeedbackRoutes } from "./feedback.routes.ts";

@Module({
  imports: [PoliciesModule, IdentityModule, ParseModule, ReceiptsModule],
  providers: [FeedbackPipeline, FeedbackRoutes],
})
export class FeedbackModule {}
