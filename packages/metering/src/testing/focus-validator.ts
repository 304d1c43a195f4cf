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
const allowed: Readonly<Record<string, readonly string[]>> = {
  ChargeCategory: ["Usage", "Purchase", "Tax", "Credit", "Adjustment"],
  ChargeClass: ["Correction"],
  ChargeFrequency: ["One-Time", "Recurring", "Usage-Based"],
  PricingCategory: ["Standard", "Dynamic", "Committed", "Other"],
  ServiceCategory: ["AI and Machine Learning"],
  ServiceSubcategory: ["Generative AI", "AI Platforms", "Bots", "Machine Learning", "Natural Language Processing", "Other (AI and Machine Learning)"],
  BillingCurrency: ["USD"],
}; // prettier-ignore
const decimals = ["BilledCost", "ContractedCost", "EffectiveCost", "ListCost", "ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "ConsumedQuantity"]; // prettier-ignore
const instants = ["BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart"];
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
  const expect = (isRight: boolean, fault: string) => void (isRight || faults.push(fault));
  for (const name of [...mandatory, ...mandatoryByVersion[version]]) {
    expect(mayBeNull.has(name) || cell(name) !== "", `${name} is null`);
  }
  for (const [name, values] of Object.entries(allowed)) {
    expect(cell(name) === "" || values.includes(cell(name)), `${name} is ${cell(name)}`);
  }
  for (const name of decimals) expect(cell(name) === "" || decimalPattern.test(cell(name)), `${name} is no decimal`);
  for (const name of instants) {
    expect(instantPattern.test(cell(name)) && !Number.isNaN(Date.parse(cell(name))), `${name} is no UTC instant`);
  }
  if (faults.length > 0) return faults;

  const [start, end] = [Date.parse(cell("ChargePeriodStart")), Date.parse(cell("ChargePeriodEnd"))];
  expect(start < end, "the charge period is empty");
  const [opens, closes] = [Date.parse(cell("BillingPeriodStart")), Date.parse(cell("BillingPeriodEnd"))];
  expect(opens <= start && end <= closes, "the charge period is outside the billing period");
  const isPriced = cell("ChargeCategory") === "Usage" || cell("ChargeCategory") === "Purchase";
  const isCorrection = cell("ChargeClass") === "Correction";
  for (const name of pricedOnly)
    expect(!isPriced || isCorrection || cell(name) !== "", `${name} is null on a usage row`);
  if (!isPriced) expect(cell("ConsumedQuantity") === "", "ConsumedQuantity on a row that is no usage");
  for (const [unit, quantity] of [["PricingUnit", "PricingQuantity"], ["ConsumedUnit", "ConsumedQuantity"]] as const) {
    expect((cell(unit) === "") === (cell(quantity) === ""), `${unit} without ${quantity}, or the other way round`);
    expect(cell(unit) === "" || unitPattern.test(cell(unit)), `${unit} is ${cell(unit)}`);
  } // prettier-ignore
  for (const name of ["SkuMeter", "SkuPriceDetails"])
    expect(cell("SkuId") !== "" || cell(name) === "", `${name} without SKU`);
  for (const [price, total] of [["ListUnitPrice", "ListCost"], ["ContractedUnitPrice", "ContractedCost"]] as const) {
    if (cell(price) === "" || isCorrection) continue;
    expect(!cell(price).startsWith("-"), `${price} is negative`);
    const product = scaled(cell(price)) * scaled(cell("PricingQuantity"));
    expect(product === scaled(cell(total)) * scale, `${total} is not ${price} x PricingQuantity`);
  } // prettier-ignore
  for (const name of ["Tags", "SkuPriceDetails"]) {
    expect(cell(name) === "" || isKeyValue(cell(name)), `${name} is no object of keys and values`);
  }
  return faults;
}

const scaleDigits = 24;
const scale = 10n ** BigInt(scaleDigits);

function scaled(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(scaleDigits, "0"));
}

function isKeyValue(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    return Object.values(value).every(
      (entry) => entry === null || ["string", "number", "boolean"].includes(typeof entry),
    );
  } catch {
    return false;
  }
}
