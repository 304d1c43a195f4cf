/** The classes that a built gateway runs, and how a mutant gets between them and their callers. */
import "reflect-metadata";

type Method = (...args: never[]) => unknown;

/** The prototype of a class of the build, by its file and its name. */
export async function builtClass<Instance>(file: string, name: string): Promise<Instance> {
  const module = (await import(new URL(`../../../dist/${file}.js`, import.meta.url).href)) as Record<
    string,
    { prototype: Instance }
  >;
  const found = module[name];
  if (found === undefined) throw new Error(`the build has no ${name} in ${file}`);
  return found.prototype;
}

/** A method as it is before anything replaces it, to be called with its instance. */
export function originalMethod<Instance extends object, Name extends keyof Instance>(
  prototype: Instance,
  name: Name,
): (
  self: Instance,
  ...args: Parameters<Extract<Instance[Name], Method>>
) => ReturnType<Extract<Instance[Name], Method>> {
  const original = prototype[name] as Method;
  return (self, ...args) => original.apply(self, args) as ReturnType<Extract<Instance[Name], Method>>;
}

/** Replaces a method for all instances; the replacement is given the original, bound to the instance. */
export function replaceMethod<Instance extends object, Name extends keyof Instance>(
  prototype: Instance,
  name: Name,
  replacement: (
    original: Extract<Instance[Name], Method>,
    self: Instance,
    ...args: Parameters<Extract<Instance[Name], Method>>
  ) => ReturnType<Extract<Instance[Name], Method>>,
): void {
  const original = prototype[name] as Method;
  const replaced = function (this: Instance, ...args: Parameters<Extract<Instance[Name], Method>>) {
    return replacement(original.bind(this) as Extract<Instance[Name], Method>, this, ...args);
  };
  Object.defineProperty(prototype, name, { value: replaced, configurable: true, writable: true });
}
