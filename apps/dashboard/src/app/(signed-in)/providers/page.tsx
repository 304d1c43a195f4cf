import { Suspense } from "react";
import { ProvidersScreen } from "../../../features/providers/providers-screen.tsx";

export const metadata = { title: "Providers" };

export default function ProvidersPage() {
  return (
    <Suspense>
      <ProvidersScreen />
    </Suspense>
  );
}
