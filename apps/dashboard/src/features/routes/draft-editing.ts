import type { RouteDraft } from "./route-draft.ts";

/** What every part of the form needs to show a draft and to change it. */
export interface DraftEditing {
  readonly draft: RouteDraft;
  readonly isReadOnly: boolean;
  readonly change: (fields: Partial<RouteDraft>) => void;
  /** What is wrong with a field, by its path in the API's words. */
  readonly problemAt: (path: string) => string | undefined;
}
