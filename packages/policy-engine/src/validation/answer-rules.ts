/** What a route does about answers that came and are no good. Off unless a route says so. */
import { z } from "zod";

export const validationSchema = z.strictObject({
  /** `observe`: say so in the receipt. `retry`: ask another target, as long as nothing of the answer has been sent. */
  mode: z.enum(["observe", "retry"]),
  /** Whether a refusal counts as no good. A refusal may be right: a route that says so accepts that another model answers. */
  refusals: z.boolean(),
  /** Streams are held back until they are whole and judged. Without it a stream can only be observed. */
  buffered: z.boolean(),
  /** As much of an answer is held, and read, as this. */
  mostBytes: z.int().min(1_024).max(8_388_608),
  /** What becomes of a longer one: an error, or passed on unjudged. */
  whenTooLong: z.enum(["refuse", "stream"]),
});

export type AnswerValidation = z.infer<typeof validationSchema>;

/** What a route starts from that has none. */
export const usualValidation: AnswerValidation = {
  mode: "retry",
  refusals: false,
  buffered: true,
  mostBytes: 1_048_576,
  whenTooLong: "stream",
};
