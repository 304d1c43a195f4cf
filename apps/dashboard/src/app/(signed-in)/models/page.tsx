import { Suspense } from "react";
import { ModelsScreen } from "../../../features/models/models-screen.tsx";

export const metadata = { title: "Models and prices" };

export default function ModelsPage() {
  return (
    <Suspense>
      <ModelsScreen />
    </Suspense>
  );
}
