import { Suspense } from "react";
import { FidelityScreen } from "../../../features/fidelity/fidelity-screen.tsx";

export const metadata = { title: "Fidelity" };

export default function FidelityPage() {
  return (
    <Suspense>
      <FidelityScreen />
    </Suspense>
  );
}
