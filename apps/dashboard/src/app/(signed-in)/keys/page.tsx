import { Suspense } from "react";
import { VirtualKeysScreen } from "../../../features/virtual-keys/virtual-keys-screen.tsx";

export default function VirtualKeysPage() {
  return (
    <Suspense>
      <VirtualKeysScreen />
    </Suspense>
  );
}
