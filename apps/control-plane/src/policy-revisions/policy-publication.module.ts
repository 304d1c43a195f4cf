import { Global, Module } from "@nestjs/common";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import { PolicyRevisionPublisher } from "./policy-revision.publisher.ts";
import { PolicyRevisionRepository } from "./policy-revision.repository.ts";
import { PolicyRowsRepository } from "./policy-rows.repository.ts";

/** What every resource needs to change policy; global, because nearly all of them do. */
@Global()
@Module({
  providers: [AuditEntryRepository, PolicyRevisionPublisher, PolicyRevisionRepository, PolicyRowsRepository],
  exports: [AuditEntryRepository, PolicyRevisionPublisher, PolicyRevisionRepository],
})
export class PolicyPublicationModule {}
