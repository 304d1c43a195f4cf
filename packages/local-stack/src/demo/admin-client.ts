/** The control plane as automation uses it: an admin token over plain HTTP. */
import { OperatorError } from "../operator-error.ts";

export interface AdminClient {
  get: <Answer>(path: string) => Promise<Answer>;
  post: <Answer>(path: string, body: unknown) => Promise<Answer>;
  put: <Answer>(path: string, body: unknown) => Promise<Answer>;
  patch: <Answer>(path: string, body: unknown) => Promise<Answer>;
  /** Every item of a keyset-paginated list. */
  list: <Item>(path: string) => Promise<Item[]>;
}

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

const largestPage = 200;

export function createAdminClient(adminUrl: string, adminToken: string): AdminClient {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${adminUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return (await response.json()) as Answer;
    const text = await response.text();
    if (response.status === 401) {
      throw new OperatorError("The admin token of first-run.json is not accepted any more; the demo needs one.");
    }
    throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  };
  return {
    get: (path) => call("GET", path),
    post: (path, body) => call("POST", path, body),
    put: (path, body) => call("PUT", path, body),
    patch: (path, body) => call("PATCH", path, body),
    list: async <Item>(path: string) => {
      const items: Item[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const query: string = `${path.includes("?") ? "&" : "?"}limit=${largestPage}${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
        const page: Page<Item> = await call("GET", `${path}${query}`);
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return items;
    },
  };
}
