import { Module } from "@nestjs/common";
import { IdempotencyModule } from "../idempotency/idempotency.module.ts";
import { IdentityModule } from "../identity/identity.module.ts";
import { ParseModule } from "../parse/parse.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { ResponseCacheModule } from "../response-cache/response-cache.module.ts";
import { RoutingModule } from "../routing/routing.module.ts";
import { UpstreamModule } from "../upstream/upstream.module.ts";
import { ChatPipeline } from "./chat.pipeline.ts";
import { ChatRoutes } from "./chat.routes.ts";

@Module({
  imports: [
    PoliciesModule,
    IdentityModule,
    IdempotencyModule,
    ParseModule,
    ResponseCacheModule,
    RoutingModule,
    UpstreamModule,
  ],
  providers: [ChatPipeline, ChatRoutes],
})
export class ChatModule {}
