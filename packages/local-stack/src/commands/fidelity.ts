/**
 * `npm run fidelity`: sends the same requests to a provider directly and through the gateway, and says what differs in what
 * the provider received and in what came back.
 */
import { parseArgs } from "node:util";
import { describeReport } from "@switchyard/fidelity/describe-report";
import { runStep } from "../../progress.mjs";
import { createAdminClient } from "../demo/admin-client.ts";
import { checkFidelity } from "../fidelity/check-fidelity.ts";
import { chooseProvider } from "../fidelity/fidelity-subject.ts";
import { simulatedKind } from "../fidelity/simulated-kinds.ts";
import { OperatorError } from "../operator-error.ts";
import { startStack } from "../stack.ts";
import { build, isBuilt } from "../stack/build.ts";
import { runCommand } from "./run-command.ts";

await runCommand(async ({ signal }) => {
  const options = readOptions();
  // With --json, standard output is for the report alone.
  const step: typeof runStep = options.json ? (_label, work) => work(() => undefined) : runStep;
  if (!(await isBuilt())) await step("building", (note) => build(note, signal));
  const stack = await startStack({ gatewayProcesses: 1, runStep: step, signal });
  try {
    const admin = createAdminClient(stack.adminUrl, stack.firstRun?.adminToken ?? "");
    const { items: kinds } = await admin.get<{ items: Parameters<typeof chooseProvider>[2] }>("/api/provider-kinds");
    const provider = chooseProvider(options, stack.simulatorUrl, kinds, process.env);
    const report = await step("comparing", (note) =>
      checkFidelity({ gatewayUrl: stack.gatewayUrl, admin }, provider, options.model, ({ name }) => note(name)),
    );
    console.log(options.json ? JSON.stringify(report, null, 2) : `\n${describeReport(report)}\n`);
    return report.verdict === "different" ? 1 : 0;
  } finally {
    await stack.shutdown();
  }
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      connection: { type: "string", default: "simulator" },
      kind: { type: "string", default: "openai-compatible" },
      model: { type: "string" },
      "base-url": { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const model = values.model ?? (values.connection === "simulator" ? simulatedKind(values.kind).model : undefined);
  if (model === undefined) throw new OperatorError("--model is missing: the provider's own id of the model.");
  return { connection: values.connection, kind: values.kind, baseUrl: values["base-url"], json: values.json, model };
}
