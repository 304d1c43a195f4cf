import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { type Change, useChange } from "./use-change.ts";

/** A change whose component is not there any more: it was drawn once, and nothing is mounted. */
function changeOfGone(change: (input: string) => Promise<string>, queryClient = new QueryClient()) {
  let kept: Change<string, string> | undefined;
  function Row() {
    kept = useChange(change, ["rows"]);
    return null;
  }
  renderToStaticMarkup(createElement(QueryClientProvider, { client: queryClient }, createElement(Row)));
  if (kept === undefined) throw new Error("nothing was drawn");
  return kept;
}

it("says that a change is made, after what it changes is read again, when its component is gone", async () => {
  const events: string[] = [];
  const queryClient = new QueryClient();
  queryClient.setQueryDefaults(["rows"], { queryFn: () => [] });
  await queryClient.fetchQuery({ queryKey: ["rows"] });
  queryClient.getQueryCache().subscribe(({ type, query }) => {
    if (type === "updated" && query.state.isInvalidated) events.push("read again");
  });
  const change = changeOfGone((name) => Promise.resolve(`${name} is removed.`), queryClient);
  await new Promise<void>((resolve) => {
    change.mutate("one", { onSuccess: (message) => resolve(void events.push(message)) });
  });
  expect(events).toEqual(["read again", "one is removed."]);
});

it("says that a change failed, when its component is gone", async () => {
  const change = changeOfGone(() => Promise.reject(new Error("refused")));
  const error = await new Promise<Error>((resolve) => change.mutate("one", { onError: resolve }));
  expect(error.message).toBe("refused");
});
