import { Module } from "@nestjs/common";
import { deriveKeys } from "@switchyard/secrets/derive-key";
import type { Env } from "../env.ts";
import { ENV } from "../env.module.ts";
import { CallerIdentifier } from "./caller-identifier.ts";

@Module({
  providers: [
    {
      provide: CallerIdentifier,
      useFactory: (env: Env) => new CallerIdentifier(deriveKeys(env.masterKeyring, "virtual-key-pepper")),
      inject: [ENV],
    },
  ],
  exports: [CallerIdentifier],
})
export class IdentityModule {}
