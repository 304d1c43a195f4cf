import { exportFormats } from "@switchyard/api-contract/reports";
import { describe, expect, it } from "vitest";
import { callFilterKeys, type CallFilters } from "../../choices/call-filters.ts";
import { exportUrl, manifestUrl } from "./queries.ts";

const noFilters = Object.fromEntries(callFilterKeys.map((key) => [key, null])) as CallFilters;
const selection = {
  from: "2026-11-01T00:00:00.000Z",
  to: "2026-11-21T04:00:00.000Z",
  filters: { ...noFilters, user: "a&b=c" },
};

describe.each(exportFormats)("a download as %s", (format) => {
  it("and its manifest ask for the period and the filters on screen", () => {
    const file = new URL(exportUrl(selection, format), "http://localhost");
    const manifest = new URL(manifestUrl(selection, format), "http://localhost");
    expect(file.pathname).toBe(`/api/reports/exports/${format}`);
    expect(manifest.pathname).toBe(`${file.pathname}/manifest`);
    expect(manifest.search).toBe(file.search);
    expect(Object.fromEntries(file.searchParams)).toEqual({ from: selection.from, to: selection.to, user: "a&b=c" });
  });
});
