import type { PicoUsd } from "./pico-usd.ts";

/** A resource as reports show it: the id it keeps, the name it has now. */
export interface NamedId {
  readonly id: string;
  readonly name: string;
}

/** Spend of one hour under one set of dimensions and one meter: what every export is written from. */
export interface SpendRow {
  /** Start of the hour (epoch ms, UTC). */
  readonly hourMs: number;
  readonly organisation: NamedId;
  readonly team: NamedId;
  readonly project: NamedId;
  readonly virtualKey: NamedId;
  readonly user: string | null;
  /** `name=value` pairs. */
  readonly tags: readonly string[];
  readonly route: NamedId;
  readonly connection: NamedId;
  /** The id is the kind of provider. */
  readonly provider: NamedId;
  readonly model: NamedId;
  /** A meter, or the key of an adjustment or a correction. */
  readonly meter: string;
  readonly quantity: bigint;
  readonly costPicoUsd: PicoUsd;
}

export const spendRowDurationMs = 3_600_000;
