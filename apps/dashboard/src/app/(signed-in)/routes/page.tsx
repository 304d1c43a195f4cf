import { Suspense } from "react";
import { RoutesScreen } from "../../../features/routes/routes-screen.tsx";

export const metadata = { title: "Routes" };

export default function RoutesPage() {
  return (
    <Suspense>
      <RoutesScreen />
    </Suspense>
  );
}
