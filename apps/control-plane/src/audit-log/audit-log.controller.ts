import { Controller } from "@nestjs/common";
import { auditLogOperations } from "@switchyard/api-contract/access";
import { type Call, Handles } from "../operations/handles.ts";
import { AuditLogService } from "./audit-log.service.ts";

@Controller()
export class AuditLogController {
  readonly #log: AuditLogService;

  constructor(log: AuditLogService) {
    this.#log = log;
  }

  @Handles(auditLogOperations.list)
  list({ query }: Call<typeof auditLogOperations.list>) {
    return this.#log.list(query);
  }
}
