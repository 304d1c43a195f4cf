/**
 * Tools under names that the provider takes, where the client's are others: in all of the request, and in the answer the
 * client's own again.
 */
import type { ClientProtocol } from "../clients/client-protocol.ts";
import type { ModelEvent } from "../events/model-event.ts";
import { isFields } from "../json/field-reader.ts";
import { isAllowed, ToolNames, type ToolNameRule } from "../parameters/tool-names.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { AnswerOptions, ProviderCodec } from "../provider-codec.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a request, in any client's protocol, has a name of a tool that has to be changed. Null allows all names. */
export function hasForbiddenNames(request: Fields, rule: ToolNameRule | null): boolean {
  return rule !== null && someName(request, (name) => !isAllowed(name, rule));
}

/** A chat request in the words of today with other names, and a warning; the same one where all names are allowed. */
export function withAllowedNames(parsed: Fields, rule: ToolNameRule | null, notes: TranslationNotes): Fields {
  if (rule === null || !hasForbiddenNames(parsed, rule)) return parsed;
  notes.warn("tools.name", "changed");
  const names = new ToolNames(namesIn(parsed), rule);
  const { tools, tool_choice: choice, messages } = parsed;
  return {
    ...parsed,
    ...(Array.isArray(tools) ? { tools: tools.map((tool: unknown) => renameFunction(tool, names)) } : {}),
    ...(choice === undefined ? {} : { tool_choice: renameChoice(choice, names) }),
    ...(Array.isArray(messages)
      ? { messages: messages.map((message: unknown) => renameInMessage(message, names)) }
      : {}),
  };
}

/** A codec that translates every answer, and names tools in it as the client does; its `encodeRequest` sends them by `withAllowedNames`. */
export function restoringToolNames(codec: ProviderCodec, rule: ToolNameRule | null): ProviderCodec {
  return {
    ...codec,
    createStreamScanner: (options) => codec.createStreamScanner(withOwnNames(options, rule)),
    readCompleteResponse: (operation, body, options) =>
      codec.readCompleteResponse(operation, body, operation === "chat" ? withOwnNames(options, rule) : options),
  };
}

/** What an answer that is translated is written by: the client's protocol, with its own names of tools again. */
export function withOwnNames(options: AnswerOptions, rule: ToolNameRule | null): AnswerOptions {
  const { client, request } = options;
  if (rule === null || !hasForbiddenNames(request, rule)) return options;
  const names = new ToolNames(namesIn(request), rule);
  const restore = (event: ModelEvent): ModelEvent =>
    event.type === "tool_start" ? { ...event, name: names.own(event.name) } : event;
  const restoring: ClientProtocol = {
    ...client,
    writeAnswer: (events, state, asked) => client.writeAnswer(events.map(restore), state, asked),
    createAnswerWriter: (asked) => {
      const writer = client.createAnswerWriter(asked);
      return {
        write: (event) => writer.write(restore(event)),
        close: (state) => writer.close(state),
        fail: (error) => writer.fail(error),
      };
    },
  };
  return { ...options, client: restoring };
}

/** Every name of a tool that a request offers, or called before. */
function namesIn(request: Fields): readonly string[] {
  const names: string[] = [];
  someName(request, (name) => {
    names.push(name);
    return false;
  });
  return names;
}

/**
 * Whether a name of a tool that a request offers, or called before, is one that is looked for. It reads all client protocols, since
 * the answer's half has the request as the client wrote it, and both halves have to find the same names. In loops, because
 * it walks over the conversation of every call, and hardly any has a name to change.
 */
function someName({ tools, functions, messages, input }: Fields, isWanted: (name: string) => boolean): boolean {
  const is = (holder: unknown): boolean => {
    const name = nameOf(holder);
    return name !== undefined && isWanted(name);
  };
  for (const list of [tools, functions]) {
    for (const tool of itemsOf(list))
      if (isFields(tool) && is(isFields(tool["function"]) ? tool["function"] : tool)) return true;
  }
  for (const message of itemsOf(messages)) {
    if (!isFields(message)) continue;
    const { role, tool_calls: calls, function_call: call, content } = message;
    for (const item of itemsOf(calls)) if (isFields(item) && is(item["function"])) return true;
    if (is(call) || (role === "function" && is(message))) return true;
    for (const block of itemsOf(content)) if (isFields(block) && block["type"] === "tool_use" && is(block)) return true;
  }
  for (const item of itemsOf(input)) if (isFields(item) && item["type"] === "function_call" && is(item)) return true;
  return false;
}

const none: readonly unknown[] = [];

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : none;
}

function nameOf(value: unknown): string | undefined {
  return isFields(value) && typeof value["name"] === "string" ? value["name"] : undefined;
}

function rename(named: unknown, names: ToolNames): unknown {
  const name = nameOf(named);
  return name === undefined || !isFields(named) ? named : { ...named, name: names.sent(name) };
}

/** A tool, a call or a choice: what has a `function` with a name. */
function renameFunction(holder: unknown, names: ToolNames): unknown {
  if (!isFields(holder) || holder["function"] === undefined) return holder;
  return { ...holder, function: rename(holder["function"], names) };
}

function renameChoice(choice: unknown, names: ToolNames): unknown {
  if (!isFields(choice) || !isFields(choice["allowed_tools"])) return renameFunction(choice, names);
  const { tools } = choice["allowed_tools"];
  const allowed = Array.isArray(tools) ? tools.map((tool: unknown) => renameFunction(tool, names)) : tools;
  return { ...choice, allowed_tools: { ...choice["allowed_tools"], tools: allowed } };
}

function renameInMessage(message: unknown, names: ToolNames): unknown {
  if (!isFields(message)) return message;
  if (message["role"] === "tool") return rename(message, names);
  const { tool_calls: calls } = message;
  if (!Array.isArray(calls)) return message;
  return { ...message, tool_calls: calls.map((call: unknown) => renameFunction(call, names)) };
}
