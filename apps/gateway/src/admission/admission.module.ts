import { Module, type DynamicModule } from "@nestjs/common";
import type { AdmissionOptions } from "./admission-options.ts";
import { AdmissionService } from "./admission.service.ts";
import { GatewayHeartbeat } from "./gateway-heartbeat.ts";

@Module({})
export class AdmissionModule {
  static with(_options: AdmissionOptions): DynamicModule {
    return {
      module: AdmissionModule,
      providers: [AdmissionService, GatewayHeartbeat],
      exports: [AdmissionService, GatewayHeartbeat],
    };
  }
}
