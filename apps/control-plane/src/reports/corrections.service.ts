import { Injectable } from "@nestjs/common";
import type { reportOperations } from "@switchyard/api-contract/reports";
import { maxAttemptPicoUsd, parseUsd } from "@switchyard/metering/pico-usd";
import type { z } from "zod";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { ControlPlaneError, type Problem } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import { type CorrectionEntry, CorrectionRepository } from "./correction.repository.ts";

type Corrections = Call<typeof reportOperations.correct>["body"]["corrections"];
type Result = z.infer<typeof reportOperations.correct.response>;

/** Brings attempts to what the provider billed. Correcting to the amount that is booked already adds nothing. */
@Injectable()
export class CorrectionsService {
  readonly #corrections: CorrectionRepository;
  readonly #audit: AuditEntryRepository;

  constructor(corrections: CorrectionRepository, audit: AuditEntryRepository) {
    this.#corrections = corrections;
    this.#audit = audit;
  }

  record(actor: Actor, corrections: Corrections): Promise<Result> {
    requireSensible(corrections);
    return this.#corrections.transaction(async (connection) => {
      const attempts = await this.#corrections.lockAttempts(
        connection,
        corrections.map(({ attemptId }) => attemptId),
      );
      const byId = new Map(attempts.map((attempt) => [attempt.attemptId, attempt]));
      const entries = corrections.flatMap(({ attemptId, costUsd, note }): CorrectionEntry[] => {
        const attempt = byId.get(attemptId.toLowerCase());
        const difference = attempt ? parseUsd(costUsd) - BigInt(attempt.spend) : 0n;
        return attempt && difference !== 0n ? [{ attempt, difference, note }] : [];
      });
      if (entries.length > 0) {
        await this.#corrections.record(connection, entries);
        const corrected = entries.map(({ attempt, difference, note }) => ({
          attemptId: attempt.attemptId,
          differencePicoUsd: difference.toString(),
          note,
        }));
        const draft = { action: "ledger.corrected", resourceType: "ledger", resourceId: corrected[0]?.attemptId ?? "" };
        await this.#audit.record(connection, actor, { ...draft, after: { corrected } }, null);
      }
      return {
        recorded: entries.length,
        unchanged: attempts.length - entries.length,
        unknown: corrections.map(({ attemptId }) => attemptId).filter((id) => !byId.has(id.toLowerCase())),
      };
    });
  }
}

function requireSensible(corrections: Corrections): void {
  const seen = new Set<string>();
  const problems = corrections.flatMap(({ attemptId, costUsd }, index): Problem[] => {
    const path = `corrections[${index}]`;
    const isRepeated = seen.has(attemptId.toLowerCase());
    seen.add(attemptId.toLowerCase());
    const cost = parseUsd(costUsd);
    return [
      ...(isRepeated ? [{ path: `${path}.attemptId`, code: "repeated", message: "is corrected twice" }] : []),
      ...(cost < 0n ? [{ path: `${path}.costUsd`, code: "too_small", message: "must not be negative" }] : []),
      ...(cost > maxAttemptPicoUsd
        ? [{ path: `${path}.costUsd`, code: "too_big", message: "is more than one attempt can cost" }]
        : []),
    ];
  });
  if (problems.length > 0) throw new ControlPlaneError("validation_failed", { problems });
}
