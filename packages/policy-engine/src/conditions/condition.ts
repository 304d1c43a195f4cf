/** When a group of targets is for a call: clauses about who calls, what is asked and when. */
import { z } from "zod";

const values = z.array(z.string().min(1).max(200)).min(1).max(200);
const isNot = z.boolean().optional();
const minuteOfDay = z.int().min(0).max(1440);

/** One of the caller's own: the ids of teams, projects and keys, or the names that clients send. */
const callerClause = z.strictObject({
  fact: z.enum(["team", "project", "virtual_key", "user", "session"]),
  anyOf: values,
  /** True: for everybody else, those without a value included. */
  not: isNot,
});

const tagClause = z.strictObject({
  fact: z.literal("tag"),
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/),
  anyOf: values,
  not: isNot,
});

/** Bounds are inclusive; a call of which the amount is not known is outside of them. */
const amountClause = z.strictObject({
  fact: z.enum(["input_tokens", "output_tokens_asked"]),
  atLeast: z.int().min(0).max(1_000_000_000).optional(),
  atMost: z.int().min(0).max(1_000_000_000).optional(),
});

const traitClause = z.strictObject({
  fact: z.enum(["tools", "images", "json_schema", "stream"]),
  is: z.boolean(),
});

const timeClause = z.strictObject({
  fact: z.literal("time_of_day"),
  /** Of the IANA database. */
  timeZone: z.string().min(1).max(60),
  /** 1 is Monday; absent means every day. A window past midnight belongs to the day on which it began. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7).optional(),
  fromMinute: minuteOfDay,
  /** Exclusive; below `fromMinute` the window runs past midnight. */
  toMinute: minuteOfDay,
});

export const clauseSchema = z.discriminatedUnion("fact", [
  callerClause,
  tagClause,
  amountClause,
  traitClause,
  timeClause,
]);

export const conditionSchema = z.strictObject({
  match: z.enum(["all", "any"]),
  clauses: z.array(clauseSchema).min(1).max(20),
});

export type Clause = z.infer<typeof clauseSchema>;
export type Condition = z.infer<typeof conditionSchema>;
