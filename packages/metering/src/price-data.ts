/** The part of the data of `@pydantic/genai-prices` (MIT) that the catalogue is made from, as that package declares it. */

export interface PriceDataTiers {
  readonly base: number;
  /** Each price applies when the call's input tokens are above `start`. */
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

/** Dollars by price key: `input_mtok` per million input tokens, `requests_kcount` per thousand requests, and so on. */
export type PriceDataSet = Readonly<Record<string, number | PriceDataTiers | undefined>>;

export type PriceDataConstraint =
  | { readonly type: "start_date"; readonly start_date: string }
  | { readonly type: "time_of_date"; readonly start_time: string; readonly end_time: string };

/** Of several, the last one whose constraint is met applies; the first stands where none is. */
export interface ConditionalPriceDataSet {
  readonly constraint?: PriceDataConstraint;
  readonly prices: PriceDataSet;
}

export interface PriceDataModel {
  readonly id: string;
  readonly name?: string;
  readonly context_window?: number;
  readonly deprecated?: boolean;
  readonly prices: PriceDataSet | readonly ConditionalPriceDataSet[];
}

export interface PriceDataProvider {
  readonly id: string;
  readonly name: string;
  readonly models: readonly PriceDataModel[];
}
