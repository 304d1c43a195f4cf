import { Suspense } from "react";
import { TeamsScreen } from "../../../features/teams/teams-screen.tsx";

export const metadata = { title: "Teams and projects" };

export default function TeamsPage() {
  return (
    <Suspense>
      <TeamsScreen />
    </Suspense>
  );
}
