/** Pages of the dashboard as somebody wants to see them again. What a view is, is the page's address. */
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { idParams, idSchema, nameSchema } from "./primitives.ts";

export const viewedPages = ["cost"] as const;
export const mostSavedViews = 100;

const pageSchema = z.enum(viewedPages);
/** An address without its path, as `URLSearchParams` writes it. */
const querySchema = z
  .string()
  .max(2_000)
  .regex(/^[\x21-\x7e]*$/, "the query string of an address");

export const savedViewSchema = z.strictObject({
  id: idSchema,
  page: pageSchema,
  name: nameSchema,
  query: z.string(),
  isShared: z.boolean(),
  ownerName: z.string(),
  /** Whether you made it: only then you may change it. */
  isYours: z.boolean(),
  /** Whether it is what you see on coming to the page. */
  isDefault: z.boolean(),
});

const tag = "Saved views";

export const savedViewOperations = {
  list: defineOperation({
    id: "listSavedViews",
    method: "GET",
    path: "/api/saved-views",
    tag,
    summary: "Your own views of a page, and those that others share, by name",
    access: "member",
    query: z.strictObject({ page: pageSchema }),
    response: z.strictObject({ items: z.array(savedViewSchema) }),
  }),
  save: defineOperation({
    id: "saveView",
    method: "POST",
    path: "/api/saved-views",
    tag,
    summary: `Save a view; everybody may have ${mostSavedViews} of a page`,
    access: "member",
    body: z.strictObject({
      page: pageSchema,
      name: nameSchema,
      query: querySchema,
      isShared: z.boolean().default(false),
    }),
    response: savedViewSchema,
    status: 201,
  }),
  setDefault: defineOperation({
    id: "setDefaultView",
    method: "PUT",
    path: "/api/saved-views/default",
    tag,
    summary: "Choose what you see on coming to a page; null for the page as it is",
    access: "member",
    body: z.strictObject({ page: pageSchema, viewId: idSchema.nullable() }),
  }),
  change: defineOperation({
    id: "changeSavedView",
    method: "PATCH",
    path: "/api/saved-views/:id",
    tag,
    summary: "Rename a view of yours, share it or not, or save another address under its name",
    access: "member",
    params: idParams,
    body: z.strictObject({ name: nameSchema, query: querySchema, isShared: z.boolean() }).partial(),
    response: savedViewSchema,
  }),
  remove: defineOperation({
    id: "removeSavedView",
    method: "DELETE",
    path: "/api/saved-views/:id",
    tag,
    summary: "Remove a view of yours; it can be restored",
    access: "member",
    params: idParams,
  }),
  restore: defineOperation({
    id: "restoreSavedView",
    method: "POST",
    path: "/api/saved-views/:id/restore",
    tag,
    summary: "Take the removal of a view of yours back",
    access: "member",
    params: idParams,
    response: savedViewSchema,
  }),
};

export type SavedView = z.infer<typeof savedViewSchema>;
export type ViewedPage = (typeof viewedPages)[number];
