import { Suspense } from "react";
import { TeamsScreen } from "../../../features/teams/teams-screen.tsx";

export default function TeamsPage() {
  return (
    <Suspense>
      <TeamsScreen />
    </Suspense>
  );
}
