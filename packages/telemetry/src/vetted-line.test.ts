import { expect, it } from "vitest";
import { createLogger } from "./logger.ts";
import { writeVettedLine } from "./vetted-line.ts";

it("writes a line among the logger's others, byte for byte", () => {
  const written: string[] = [];
  const logger = createLogger({ service: "test", destination: { write: (text) => void written.push(text) } });
  logger.info("before");
  writeVettedLine(logger, '{"level":"info","msg":"request","status":200}');
  logger.info("after");
  expect(written[1]).toBe('{"level":"info","msg":"request","status":200}\n');
  expect(written.map((text) => (JSON.parse(text) as { msg: string }).msg)).toEqual(["before", "request", "after"]);
});
