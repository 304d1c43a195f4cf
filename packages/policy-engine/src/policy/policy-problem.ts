/** One thing that is wrong with a candidate policy, for the person who made it. */
export interface PolicyProblem {
  /** Where, as JavaScript would spell it: `routes[2].targets[0].weight`; empty for the whole document. */
  readonly path: string;
  /** Stable, for programs. */
  readonly code: PolicyProblemCode;
  /** A sentence. */
  readonly message: string;
}

export type PolicyProblemCode =
  | StructuralProblemCode
  | "duplicate_id"
  | "duplicate_name"
  | "duplicate_public_id"
  | "duplicate_model"
  | "duplicate_target"
  | "dangling_reference"
  | "no_enabled_target"
  | "weights_sum_to_zero"
  | "fallback_cycle"
  | "unknown_group"
  | "group_cycle"
  | "groups_too_deep"
  | "empty_group"
  | "too_few_members"
  | "unreachable_member"
  | "contradictory_conditions"
  | "contradictory_settings"
  | "requirements_unmet"
  | "unknown_provider_kind"
  | "provider_kind_mismatch"
  | "quirks_not_taken"
  | "probe_not_taken"
  | "timeout_above_total"
  | "price_versions_out_of_order"
  | "ambiguous_price_version"
  | "ambiguous_price_line"
  | "empty_time_window"
  | "invalid_time_zone"
  | "period_does_not_fit_unit";

/** What the shape alone says. */
export type StructuralProblemCode =
  | "invalid_type"
  | "invalid_value"
  | "invalid_format"
  | "too_small"
  | "too_big"
  | "too_many"
  | "unknown_key"
  | "unsafe_key"
  | "invalid";
