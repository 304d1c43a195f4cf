import { behaviourSchema } from "../behaviour/behaviour.ts";
import type { ActiveBehaviour, BehaviourStore } from "../behaviour/behaviour-store.ts";
import { ControlError, type ControlRequest, type ControlRoute } from "./control-route.ts";
import { parseInput } from "./parse-input.ts";

/** A model's name may contain slashes, a provider's has them percent-encoded. */
const ONE_BEHAVIOUR = /^behaviours\/([^/]+)\/(.+)$/;

/** Reads and switches behaviours; `*` stands for every provider or every model. */
export function behaviourRoutes(behaviours: BehaviourStore): ControlRoute[] {
  return [
    {
      method: "GET",
      pattern: /^behaviours$/,
      run: () => ({ status: 200, body: { behaviours: behaviours.list() } }),
    },
    {
      method: "GET",
      pattern: ONE_BEHAVIOUR,
      run: (request) => ({ status: 200, body: find(behaviours, request) }),
    },
    {
      method: "PUT",
      pattern: ONE_BEHAVIOUR,
      run: (request) => {
        const [provider, model] = keyOf(request);
        const behaviour = parseInput(behaviourSchema, request.body, "behaviour");
        if (!behaviours.set(provider, model, behaviour))
          throw new ControlError(409, "Too many behaviours; delete some first.");
        return { status: 200, body: find(behaviours, request) };
      },
    },
    {
      method: "DELETE",
      pattern: ONE_BEHAVIOUR,
      run: (request) => {
        if (!behaviours.delete(...keyOf(request))) throw noBehaviour(request);
        return { status: 204 };
      },
    },
  ];
}

function find(behaviours: BehaviourStore, request: ControlRequest): ActiveBehaviour {
  const active = behaviours.get(...keyOf(request));
  if (active === undefined) throw noBehaviour(request);
  return active;
}

function noBehaviour(request: ControlRequest): ControlError {
  const [provider, model] = keyOf(request);
  return new ControlError(404, `No behaviour is set for provider "${provider}" and model "${model}".`);
}

function keyOf({ path: [provider = "", model = ""] }: ControlRequest): [provider: string, model: string] {
  return [provider, model];
}
