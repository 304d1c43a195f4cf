import { Suspense } from "react";
import { MembersScreen } from "../../../features/members/members-screen.tsx";

export const metadata = { title: "Members" };

export default function MembersPage() {
  return (
    <Suspense>
      <MembersScreen />
    </Suspense>
  );
}
