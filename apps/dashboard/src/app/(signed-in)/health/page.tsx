import { Suspense } from "react";
import { HealthScreen } from "../../../features/health/health-screen.tsx";

export const metadata = { title: "Health" };

export default function HealthPage() {
  return (
    <Suspense>
      <HealthScreen />
    </Suspense>
  );
}
