import { Prisma } from "@switchyard/database/generated/client";

/** What reports may be narrowed to; the roll-ups and the logs spell these columns alike. */
export interface UsageFilter {
  readonly teamId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly virtualKeyId?: string | undefined;
  readonly routeId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly modelId?: string | undefined;
  readonly user?: string | undefined;
  readonly tag?: string | undefined;
}

const columnOf = {
  teamId: Prisma.sql`team_id`,
  projectId: Prisma.sql`project_id`,
  virtualKeyId: Prisma.sql`virtual_key_id`,
  routeId: Prisma.sql`route_id`,
  connectionId: Prisma.sql`connection_id`,
  modelId: Prisma.sql`model_id`,
  user: Prisma.sql`end_user`,
} as const;

/** ` AND …` for every filter that is set. */
export function andFilter(filter: UsageFilter): Prisma.Sql {
  const conditions = Object.entries(columnOf).flatMap(([name, column]) => {
    const value = filter[name as keyof typeof columnOf];
    return value === undefined ? [] : [Prisma.sql`AND ${column} = ${value}`];
  });
  if (filter.tag !== undefined) conditions.push(Prisma.sql`AND ${filter.tag} = ANY(tags)`);
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, " ");
}
