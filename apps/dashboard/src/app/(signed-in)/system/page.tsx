import { Suspense } from "react";
import { SystemScreen } from "../../../features/system/system-screen.tsx";

export default function SystemPage() {
  return (
    <Suspense>
      <SystemScreen />
    </Suspense>
  );
}
