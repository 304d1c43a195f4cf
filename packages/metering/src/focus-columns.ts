/** FOCUS 1.2 and 1.4 Cost and Usage, column by column, from one charge; which rows and amounts there are is not decided here. */
import { feeMeter } from "./meters.ts";
import { billingPeriodOf, type FocusCharge } from "./focus-charge.ts";
import { formatUsd } from "./pico-usd.ts";
import { spendRowDurationMs } from "./spend-row.ts";

export const focusVersions = ["1.2", "1.4"] as const;
export type FocusVersion = (typeof focusVersions)[number];

export interface FocusColumn {
  readonly name: string;
  /** Only text can be mistaken for a formula: it is what a writer of CSV has to escape. */
  readonly kind: "text" | "number" | "instant" | "json";
  /** As FOCUS formats it; null is an empty cell. */
  readonly value: (charge: FocusCharge) => string | null;
}

type Value = FocusColumn["value"];
const text = (name: string, value: Value): FocusColumn => ({ name, kind: "text", value });
const number = (name: string, value: Value): FocusColumn => ({ name, kind: "number", value });
const json = (name: string, value: Value): FocusColumn => ({ name, kind: "json", value });
const instant = (name: string, atMs: (charge: FocusCharge) => number): FocusColumn => ({
  name,
  kind: "instant",
  value: (charge) => instantText(atMs(charge)),
});

const cost: Value = ({ costPicoUsd }) => formatUsd(costPicoUsd);
const unitPrice: Value = ({ pricing }) => pricing && formatUsd(pricing.unitPricePicoUsd);
const quantity: Value = ({ pricing }) => pricing && pricing.quantity.toString();
const unit: Value = ({ pricing }) => pricing && pricing.unit;
// Of the model and the meter, never of an amount or a date: FOCUS wants it to stay the same over time.
const sku: Value = ({ pricing, spend }) =>
  pricing && (isFee(spend) ? "gateway-fee" : `${spend.model.id}/${spend.meter}`);
// The fee is no provider's: the organisation renders that service to its own teams, and bills it.
const provider: Value = ({ spend }) => (isFee(spend) ? spend.organisation.name : spend.provider.name);
const account: Value = ({ spend }) => (isFee(spend) ? spend.organisation.name : spend.connection.name);

// The roll-ups know what was paid and not what the list said, so list, contracted, billed and effective cost agree.
const everyVersion: readonly FocusColumn[] = [
  number("BilledCost", cost),
  text("BillingAccountId", ({ spend }) => spend.organisation.id),
  text("BillingAccountName", ({ spend }) => spend.organisation.name),
  text("BillingAccountType", () => "Organisation"),
  text("BillingCurrency", () => "USD"),
  instant("BillingPeriodEnd", ({ spend }) => billingPeriodOf(spend.hourMs).endMs),
  instant("BillingPeriodStart", ({ spend }) => billingPeriodOf(spend.hourMs).startMs),
  text("ChargeCategory", ({ category }) => category),
  text("ChargeClass", ({ isCorrection }) => (isCorrection ? "Correction" : null)),
  text("ChargeDescription", ({ description }) => description),
  text("ChargeFrequency", () => "Usage-Based"),
  instant("ChargePeriodEnd", ({ spend }) => spend.hourMs + spendRowDurationMs),
  instant("ChargePeriodStart", ({ spend }) => spend.hourMs),
  number("ConsumedQuantity", quantity),
  text("ConsumedUnit", unit),
  number("ContractedCost", cost),
  number("ContractedUnitPrice", unitPrice),
  number("EffectiveCost", cost),
  text("InvoiceIssuerName", account),
  number("ListCost", cost),
  number("ListUnitPrice", unitPrice),
  text("PricingCategory", ({ pricing }) => pricing && "Standard"),
  number("PricingQuantity", quantity),
  text("PricingUnit", unit),
  text("ResourceId", ({ spend }) => spend.virtualKey.id),
  text("ResourceName", ({ spend }) => spend.virtualKey.name),
  text("ResourceType", () => "Virtual Key"),
  text("ServiceCategory", () => "AI and Machine Learning"),
  text("ServiceName", ({ spend }) => (isFee(spend) ? "Switchyard" : spend.provider.name)),
  text("ServiceSubcategory", () => "Generative AI"),
  text("SkuId", sku),
  text("SkuMeter", ({ pricing }) => pricing && pricing.meterName),
  json("SkuPriceDetails", ({ pricing, spend }) => pricing && JSON.stringify({ x_Model: spend.model.name })),
  text("SkuPriceId", sku),
  text("SubAccountId", ({ spend }) => spend.team.id),
  text("SubAccountName", ({ spend }) => spend.team.name),
  text("SubAccountType", () => "Team"),
  json("Tags", ({ spend }) => tagsAsJson(spend.tags)),
];

const byVersion: Readonly<Record<FocusVersion, readonly FocusColumn[]>> = {
  "1.2": [text("ProviderName", provider), text("PublisherName", provider)],
  "1.4": [text("HostProviderName", account), text("ServiceProviderName", provider)],
};

// Users are left out: such a file leaves the house, and who asked is not what it is for.
const ours: readonly FocusColumn[] = [
  text("x_ConnectionId", ({ spend }) => spend.connection.id),
  text("x_KeyId", ({ spend }) => spend.virtualKey.id),
  text("x_Meter", ({ spend }) => spend.meter),
  text("x_ModelServed", ({ spend }) => spend.model.name),
  text("x_ProjectId", ({ spend }) => spend.project.id),
  text("x_ProjectName", ({ spend }) => spend.project.name),
  text("x_Route", ({ spend }) => spend.route.name),
];

/** The columns of a version in the order of the file: those of the specification by name, then ours. */
export function focusColumns(version: FocusVersion): readonly FocusColumn[] {
  const specified = [...everyVersion, ...byVersion[version]].toSorted((left, right) =>
    left.name < right.name ? -1 : 1,
  );
  return [...specified, ...ours];
}

/** Instants as FOCUS writes them. Rows come by the hour, so that the last few stand on thousands of them. */
const instantTexts = new Map<number, string>();
const mostInstantTexts = 100;

function instantText(atMs: number): string {
  const known = instantTexts.get(atMs);
  if (known !== undefined) return known;
  const text = new Date(atMs).toISOString().replace(".000Z", "Z");
  if (instantTexts.size >= mostInstantTexts) instantTexts.clear();
  instantTexts.set(atMs, text);
  return text;
}

function isFee({ meter }: FocusCharge["spend"]): boolean {
  return meter === feeMeter;
}

// A tag without a value is `true`; of two values of one tag the later one stands.
function tagsAsJson(tags: readonly string[]): string {
  const entries = tags.map((tag): [string, string | true] => {
    const at = tag.indexOf("=");
    return at === -1 ? [tag, true] : [tag.slice(0, at), tag.slice(at + 1)];
  });
  return JSON.stringify(Object.fromEntries(entries));
}
