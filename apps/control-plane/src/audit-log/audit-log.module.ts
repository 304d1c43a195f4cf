import { Module } from "@nestjs/common";
import { AuditLogController } from "./audit-log.controller.ts";
import { AuditLogService } from "./audit-log.service.ts";

@Module({ controllers: [AuditLogController], providers: [AuditLogService] })
export class AuditLogModule {}
