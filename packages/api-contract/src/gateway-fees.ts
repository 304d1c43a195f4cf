/** What callers pay beside the provider's cost: nothing, unless somebody sets a fee. */
import { gatewayFeeScopeTypes } from "@switchyard/metering/gateway-fee";
import { z } from "zod";
import { defineOperation, financeAndAdministrators } from "./operation.ts";
import { idParams, idSchema, instantSchema, nonNegativeUsdSchema, usdSchema } from "./primitives.ts";

export const gatewayFeeScopeSchema = z.strictObject({ type: z.enum(gatewayFeeScopeTypes), id: idSchema });

/** Per cent of the provider's cost, as an exact decimal with at most four digits after the point. */
const percentSchema = z
  .string()
  .regex(/^(?:100(?:\.0{1,4})?|\d{1,2}(?:\.\d{1,4})?)$/, "0 to 100 per cent with at most four decimals, as a string");

export const gatewayFeeSchema = z.strictObject({
  id: idSchema,
  scope: gatewayFeeScopeSchema,
  scopeName: z.string(),
  perRequestUsd: usdSchema,
  percentOfCost: z.string(),
  createdAt: instantSchema,
});

export const setGatewayFeeBody = z.strictObject({
  scope: gatewayFeeScopeSchema,
  perRequestUsd: nonNegativeUsdSchema.default("0"),
  percentOfCost: percentSchema.default("0"),
});

const tag = "Gateway fees";

export const gatewayFeeOperations = {
  list: defineOperation({
    id: "listGatewayFees",
    method: "GET",
    path: "/api/gateway-fees",
    tag,
    summary: "Every fee; a call pays the one of the first of key, project, team, route and organisation that has one",
    access: "member",
    response: z.strictObject({ items: z.array(gatewayFeeSchema) }),
  }),
  set: defineOperation({
    id: "setGatewayFee",
    method: "PUT",
    path: "/api/gateway-fees",
    tag,
    summary: "Set the fee of a scope, in place of the one before; a fee of zero exempts the scope",
    access: financeAndAdministrators,
    body: setGatewayFeeBody,
    response: gatewayFeeSchema,
  }),
  remove: defineOperation({
    id: "removeGatewayFee",
    method: "DELETE",
    path: "/api/gateway-fees/:id",
    tag,
    summary: "Remove a fee; what was charged stays",
    access: financeAndAdministrators,
    params: idParams,
  }),
};

export type GatewayFee = z.infer<typeof gatewayFeeSchema>;
export type GatewayFeeScope = z.infer<typeof gatewayFeeScopeSchema>;
