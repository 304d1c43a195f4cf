/** Keyset pages: the cursor is the sort key of the last row, so a page costs the same however deep it lies. */
import { z } from "zod";
import { ControlPlaneError } from "../errors/control-plane-error.ts";

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

const nameKey = z.tuple([z.string(), z.string()]);
const instantKey = z.tuple([z.iso.datetime(), z.string()]);

function decode<Schema extends z.ZodType>(cursor: string | undefined, schema: Schema): z.output<Schema> | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (error) {
    throw new ControlPlaneError("invalid_cursor", { cause: error });
  }
}

/** The last row of the page before, of a list in order of name and id; null on the first page. */
export function nameCursor(cursor: string | undefined): { name: string; id: string } | null {
  const key = decode(cursor, nameKey);
  return key && { name: key[0], id: key[1] };
}

/** The `where` of a list in order of name and id. */
export function afterName(cursor: string | undefined): object {
  const after = nameCursor(cursor);
  return after ? { OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.id } }] } : {};
}

/** The last row of the page before, of a list in order of time and id, newest first; null on the first page. */
export function beforeInstant(cursor: string | undefined): { at: Date; id: string } | null {
  const key = decode(cursor, instantKey);
  return key && { at: new Date(key[0]), id: key[1] };
}

/** Cuts `limit + 1` rows to a page; `keyOf` names the sort key of a row. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly [string | Date, string],
  present: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = rows.length > limit ? kept.at(-1) : undefined;
  const nextCursor = last === undefined ? null : Buffer.from(JSON.stringify(keyOf(last))).toString("base64url");
  return { items: kept.map(present), nextCursor };
}
