import { Module } from "@nestjs/common";
import { RecordedCallRepository } from "./recorded-call.repository.ts";
import { WhatIfController } from "./what-if.controller.ts";
import { WhatIfService } from "./what-if.service.ts";

@Module({
  controllers: [WhatIfController],
  providers: [RecordedCallRepository, WhatIfService],
})
export class WhatIfModule {}
