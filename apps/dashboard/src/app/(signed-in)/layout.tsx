import type { ReactNode } from "react";
import { SessionGate } from "../../session/session-gate.tsx";
import { DownloadsTray } from "../../features/downloads/downloads-tray.tsx";
import { Shell } from "../../ui/shell.tsx";

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return (
    <SessionGate>
      <Shell>{children}</Shell>
      <DownloadsTray />
    </SessionGate>
  );
}
