import { Suspense } from "react";
import { BudgetsScreen } from "../../../features/budgets/budgets-screen.tsx";

export default function BudgetsPage() {
  return (
    <Suspense>
      <BudgetsScreen />
    </Suspense>
  );
}
