import { Suspense } from "react";
import { AuditLogScreen } from "../../../features/audit-log/audit-log-screen.tsx";

export const metadata = { title: "Audit log" };

export default function AuditLogPage() {
  return (
    <Suspense>
      <AuditLogScreen />
    </Suspense>
  );
}
