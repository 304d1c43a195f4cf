import { Module } from "@nestjs/common";
import { RecordedCallRepository } from "./recorded-call.repository.ts";
import { TargetKnowledgeRepository } from "./target-knowledge.repository.ts";
import { WhatIfController } from "./what-if.controller.ts";
import { WhatIfService } from "./what-if.service.ts";

@Module({
  controllers: [WhatIfController],
  providers: [RecordedCallRepository, TargetKnowledgeRepository, WhatIfService],
})
export class WhatIfModule {}
