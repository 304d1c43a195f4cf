import { Suspense } from "react";
import { AuditLogScreen } from "../../../features/audit-log/audit-log-screen.tsx";

export default function AuditLogPage() {
  return (
    <Suspense>
      <AuditLogScreen />
    </Suspense>
  );
}
