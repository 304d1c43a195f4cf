import type { Route } from "@switchyard/policy-engine/policy/route";
import type { Call } from "../accept/call.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import { describeRoute } from "./describe-route.ts";

/** Writes routes in the shape of OpenAI's model list, by name. */
export function writeModels(call: Call, policy: ActivePolicy, routes: readonly Route[]): void {
  const inOrder = routes.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const data = inOrder.map((route) => describeRoute(route, policy, call.startedAtMs));
  writeCompleteAnswer(call, JSON.stringify({ object: "list", data }));
}

export function writeModel(call: Call, policy: ActivePolicy, route: Route): void {
  writeCompleteAnswer(call, JSON.stringify(describeRoute(route, policy, call.startedAtMs)));
}
