import { Suspense } from "react";
import { BlockedScreen } from "../../../features/blocked/blocked-screen.tsx";

export const metadata = { title: "Blocked calls" };

export default function BlockedPage() {
  return (
    <Suspense>
      <BlockedScreen />
    </Suspense>
  );
}
