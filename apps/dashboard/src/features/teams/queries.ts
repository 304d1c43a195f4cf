import { projectOperations, type Project } from "@switchyard/api-contract/projects";
import { teamOperations, type Team } from "@switchyard/api-contract/teams";
import { queryOptions } from "@tanstack/react-query";
import { everyPage } from "../../control-plane/every-page.ts";

export interface TeamWithProjects extends Team {
  readonly projects: readonly Project[];
}

/** Teams with their projects, both by name. */
export const teamTreeQuery = (includeArchived: boolean) =>
  queryOptions({
    queryKey: ["teams", "tree", includeArchived],
    queryFn: async ({ signal }): Promise<TeamWithProjects[]> => {
      const query = { includeArchived: String(includeArchived) };
      const [teams, projects] = await Promise.all([
        everyPage<Team>(teamOperations.list, query, signal),
        everyPage<Project>(projectOperations.list, query, signal),
      ]);
      return teams.map((team) => ({ ...team, projects: projects.filter(({ teamId }) => teamId === team.id) }));
    },
  });
