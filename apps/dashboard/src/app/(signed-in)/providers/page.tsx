import { Suspense } from "react";
import { ProvidersScreen } from "../../../features/providers/providers-screen.tsx";

export default function ProvidersPage() {
  return (
    <Suspense>
      <ProvidersScreen />
    </Suspense>
  );
}
