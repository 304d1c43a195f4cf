import { Suspense } from "react";
import { SystemScreen } from "../../../features/system/system-screen.tsx";

export const metadata = { title: "System" };

export default function SystemPage() {
  return (
    <Suspense>
      <SystemScreen />
    </Suspense>
  );
}
