import { expect, it } from "vitest";
import { csvText } from "./csv-text.ts";

it("quotes what would end a cell or a record, and nothing else", () => {
  expect(csvText([["a", "b c", " d ", ""], ["1,5", 'say "hi"', "two\r\nlines", "lone\nline"]])).toBe(
    'a,b c, d ,\r\n"1,5","say ""hi""","two\r\nlines","lone\nline"\r\n',
  );
  expect(csvText([])).toBe("");
}); // prettier-ignore
