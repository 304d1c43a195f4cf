import { Suspense } from "react";
import { BudgetsScreen } from "../../../features/budgets/budgets-screen.tsx";

export const metadata = { title: "Budgets and limits" };

export default function BudgetsPage() {
  return (
    <Suspense>
      <BudgetsScreen />
    </Suspense>
  );
}
