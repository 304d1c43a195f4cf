import { type DynamicModule, Global, Module } from "@nestjs/common";
import { ControlPlaneEnv } from "./env.ts";

/** Gives every part of the process its settings. */
@Global()
@Module({})
export class EnvModule {
  static with(env: ControlPlaneEnv): DynamicModule {
    return { module: EnvModule, providers: [{ provide: ControlPlaneEnv, useValue: env }], exports: [ControlPlaneEnv] };
  }
}
