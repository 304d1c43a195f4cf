import { Module } from "@nestjs/common";
import { deriveKey } from "@switchyard/secrets/derive-key";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { Env } from "../env.ts";
import { ENV, METRICS } from "../env.module.ts";
import { AnswerMemory } from "./answer-memory.ts";
import { ResponseCache } from "./response-cache.ts";

@Module({
  providers: [
    {
      provide: ResponseCache,
      useFactory: (env: Env, metrics: Metrics) =>
        new ResponseCache(
          deriveKey(env.masterKeyring.active, "cache-key"),
          new AnswerMemory(env.GATEWAY_RESPONSE_CACHE_BYTES),
          metrics,
        ),
      inject: [ENV, METRICS],
    },
  ],
  exports: [ResponseCache],
})
export class ResponseCacheModule {}
