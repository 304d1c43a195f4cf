import { Suspense } from "react";
import { LedgerScreen } from "../../../features/ledger/ledger-screen.tsx";

export const metadata = { title: "Ledger" };

export default function LedgerPage() {
  return (
    <Suspense>
      <LedgerScreen />
    </Suspense>
  );
}
