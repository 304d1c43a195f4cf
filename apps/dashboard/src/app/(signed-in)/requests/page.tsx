import { Suspense } from "react";
import { RequestsScreen } from "../../../features/requests/requests-screen.tsx";

export const metadata = { title: "Requests" };

export default function RequestsPage() {
  return (
    <Suspense>
      <RequestsScreen />
    </Suspense>
  );
}
