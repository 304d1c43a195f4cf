import { Suspense } from "react";
import { VirtualKeysScreen } from "../../../features/virtual-keys/virtual-keys-screen.tsx";

export const metadata = { title: "Virtual keys" };

export default function VirtualKeysPage() {
  return (
    <Suspense>
      <VirtualKeysScreen />
    </Suspense>
  );
}
