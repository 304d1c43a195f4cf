import { Suspense } from "react";
import { CostScreen } from "../../../features/cost/cost-screen.tsx";

export const metadata = { title: "Cost report" };

export default function CostPage() {
  return (
    <Suspense>
      <CostScreen />
    </Suspense>
  );
}
