import { describe, expect, it } from "vitest";
import { MODEL, startSimulator } from "../../testing/start-simulator.ts";

const ASKED = { model: MODEL, texts: ["harbour", "lighthouse keeper"], input_type: "search_document" };

describe("embed", () => {
  it("answers a vector for each text and bills their tokens", async () => {
    const { post, settledEntries } = await startSimulator();
    const answer = (await (await post("/v2/embed", { ...ASKED, output_dimension: 256 })).json()) as {
      embeddings: { float: number[][] };
      meta: { billed_units: { input_tokens: number } };
    };
    expect(answer.embeddings.float.map(({ length }) => length)).toEqual([256, 256]);
    const [entry] = await settledEntries();
    expect(entry).toMatchObject({
      endpoint: "embed",
      tokens: { input: answer.meta.billed_units.input_tokens, output: 0 },
    });
  });

  it.each([
    [{ ...ASKED, texts: [] }, "texts"],
    [{ ...ASKED, input_type: undefined }, "input_type"],
    [{ ...ASKED, dimensions: 256 }, "dimensions"],
    [{ ...ASKED, output_dimension: 300 }, "output_dimension"],
  ])("refuses %j", async (body, named) => {
    const { post } = await startSimulator();
    const response = await post("/v2/embed", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining(named) });
  });
});
