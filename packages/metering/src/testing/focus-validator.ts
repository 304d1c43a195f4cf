/**
 * Checks rows of a FOCUS Cost and Usage file against the rules of the specification's columns. It reads the file as a
 * stranger does, cells of text with empty meaning null, and knows nothing of how the rows were made.
 */
import type { FocusVersion } from "../focus-columns.ts";

export type FocusRecord = Readonly<Record<string, string>>;

const mandatory = [
  "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart",
  "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost",
  "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity", "PricingUnit", "ServiceCategory", "ServiceName",
]; // prettier-ignore
const mandatoryByVersion: Readonly<Record<FocusVersion, readonly string[]>> = {
  "1.2": ["ProviderName", "PublisherName"],
  "1.4": ["HostProviderName", "ServiceProviderName"],
};
const gone: Readonly<Record<FocusVersion, readonly string[]>> = {
  "1.2": ["HostProviderName", "ServiceProviderName"],
  "1.4": ["ProviderName", "PublisherName"],
};
/** Conditional columns that a provider with meters, price lists and tags has to have. */
const conditional = [
  "ConsumedQuantity", "ConsumedUnit", "ContractedUnitPrice", "ListUnitPrice", "ResourceId", "ResourceName", "SkuId",
  "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags",
]; // prettier-ignore
const other = [
  "BillingAccountType", "ChargeFrequency", "PricingCategory", "ResourceType", "ServiceSubcategory", "SubAccountType",
]; // prettier-ignore
const mayBeNull = new Set(["ChargeClass", "PricingQuantity", "PricingUnit"]);
const pricedOnly = [
  "ConsumedQuantity", "ConsumedUnit", "ContractedUnitPrice", "ListUnitPrice", "PricingCategory", "PricingQuantity",
  "PricingUnit", "SkuId", "SkuPriceId",
]; // prettier-ignore
const allowed: readonly (readonly [name: string, values: readonly string[]])[] = Object.entries({
  ChargeCategory: ["Usage", "Purchase", "Tax", "Credit", "Adjustment"],
  ChargeClass: ["Correction"],
  ChargeFrequency: ["One-Time", "Recurring", "Usage-Based"],
  PricingCategory: ["Standard", "Dynamic", "Committed", "Other"],
  ServiceCategory: ["AI and Machine Learning"],
  ServiceSubcategory: ["Generative AI", "AI Platforms", "Bots", "Machine Learning", "Natural Language Processing", "Other (AI and Machine Learning)"],
  BillingCurrency: ["USD"],
}); // prettier-ignore
const decimals = ["BilledCost", "ContractedCost", "EffectiveCost", "ListCost", "ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "ConsumedQuantity"]; // prettier-ignore
const neverNull: Readonly<Record<FocusVersion, readonly string[]>> = {
  "1.2": [...mandatory, ...mandatoryByVersion["1.2"]].filter((name) => !mayBeNull.has(name)),
  "1.4": [...mandatory, ...mandatoryByVersion["1.4"]].filter((name) => !mayBeNull.has(name)),
};
const instants = ["BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart"];
const mostRemembered = 50;
const unitPattern = /^(?:\d+ )?[A-Z][A-Za-z]*s$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const decimalPattern = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;

/** What is wrong with the columns of a file; empty when nothing is. */
export function focusHeaderFaults(version: FocusVersion, header: readonly string[]): string[] {
  const required = [...mandatory, ...mandatoryByVersion[version], ...conditional];
  const known = new Set([...required, ...other]);
  return [
    ...required.filter((name) => !header.includes(name)).map((name) => `${name} is missing`),
    ...gone[version].filter((name) => header.includes(name)).map((name) => `${name} is not a column of ${version}`),
    ...header.filter((name) => !known.has(name) && !/^x_[A-Z]\w*$/.test(name)).map((name) => `${name} is unknown`),
    ...header.filter((name, index) => header.indexOf(name) !== index).map((name) => `${name} occurs twice`),
  ];
}

/** What is wrong with one row; empty when nothing is. */
export function focusRowFaults(version: FocusVersion, row: FocusRecord): string[] {
  const faults: string[] = [];
  const cell = (name: string) => row[name] ?? "";
  // Files have millions of rows: a fault is put into words only where there is one.
  for (const name of neverNull[version]) if (cell(name) === "") faults.push(`${name} is null`);
  for (const [name, values] of allowed) {
    if (cell(name) !== "" && !values.includes(cell(name))) faults.push(`${name} is ${cell(name)}`);
  }
  for (const name of decimals) {
    if (cell(name) !== "" && !decimalPattern.test(cell(name))) faults.push(`${name} is no decimal`);
  }
  for (const name of instants) if (Number.isNaN(instantMs(cell(name)))) faults.push(`${name} is no UTC instant`);
  if (faults.length > 0) return faults;

  const [start, end] = [instantMs(cell("ChargePeriodStart")), instantMs(cell("ChargePeriodEnd"))];
  if (start >= end) faults.push("the charge period is empty");
  const [opens, closes] = [instantMs(cell("BillingPeriodStart")), instantMs(cell("BillingPeriodEnd"))];
  if (opens > start || end > closes) faults.push("the charge period is outside the billing period");
  const isPriced = cell("ChargeCategory") === "Usage" || cell("ChargeCategory") === "Purchase";
  const isCorrection = cell("ChargeClass") === "Correction";
  if (isPriced && !isCorrection) {
    for (const name of pricedOnly) if (cell(name) === "") faults.push(`${name} is null on a usage row`);
  }
  if (!isPriced && cell("ConsumedQuantity") !== "") faults.push("ConsumedQuantity on a row that is no usage");
  for (const [unit, quantity] of units) {
    if ((cell(unit) === "") !== (cell(quantity) === "")) faults.push(`${unit} without ${quantity}, or the other way round`);
    if (cell(unit) !== "" && !unitPattern.test(cell(unit))) faults.push(`${unit} is ${cell(unit)}`);
  } // prettier-ignore
  for (const name of ["SkuMeter", "SkuPriceDetails"]) {
    if (cell("SkuId") === "" && cell(name) !== "") faults.push(`${name} without SKU`);
  }
  for (const [price, total] of totals) {
    if (cell(price) === "" || isCorrection) continue;
    if (cell(price).startsWith("-")) faults.push(`${price} is negative`);
    const product = scaled(cell(price)) * scaled(cell("PricingQuantity"));
    if (product !== scaled(cell(total)) * scale) faults.push(`${total} is not ${price} x PricingQuantity`);
  }
  for (const name of ["Tags", "SkuPriceDetails"]) {
    if (cell(name) !== "" && !isKeyValue(cell(name))) faults.push(`${name} is no object of keys and values`);
  }
  return faults;
}

const units = [
  ["PricingUnit", "PricingQuantity"],
  ["ConsumedUnit", "ConsumedQuantity"],
] as const;
const totals = [
  ["ListUnitPrice", "ListCost"],
  ["ContractedUnitPrice", "ContractedCost"],
] as const;
const scaleDigits = 24;
const scale = 10n ** BigInt(scaleDigits);

function scaled(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(scaleDigits, "0"));
}

/** Epoch milliseconds; NaN for what is no UTC instant. */
const instantMs = remembering((text) => (instantPattern.test(text) ? Date.parse(text) : Number.NaN));

const isKeyValue = remembering((text) => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    return Object.values(value).every(
      (entry) => entry === null || ["string", "number", "boolean"].includes(typeof entry),
    );
  } catch {
    return false;
  }
});

/** Cells of a column repeat: what was said of the last few different ones is said again. Each may keep a whole piece of the file. */
function remembering<Judgement>(judge: (text: string) => Judgement): (text: string) => Judgement {
  const judged = new Map<string, Judgement>();
  return (text) => {
    const known = judged.get(text);
    if (known !== undefined) return known;
    const judgement = judge(text);
    if (judged.size >= mostRemembered) judged.clear();
    judged.set(text, judgement);
    return judgement;
  };
}
