import { Suspense } from "react";
import { OverviewScreen } from "../../features/overview/overview-screen.tsx";

export default function OverviewPage() {
  return (
    <Suspense>
      <OverviewScreen />
    </Suspense>
  );
}
