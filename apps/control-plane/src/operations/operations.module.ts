import { Module } from "@nestjs/common";
import { APP_INTERCEPTOR, DiscoveryModule } from "@nestjs/core";
import { AnswerInterceptor } from "./answer.interceptor.ts";
import { OpenApiRoutes } from "./openapi.routes.ts";
import { OperationsCheck } from "./operations.check.ts";

@Module({
  imports: [DiscoveryModule],
  providers: [OpenApiRoutes, OperationsCheck, { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor }],
})
export class OperationsModule {}
