/** What a child may know: the caller's environment without what belongs to somebody else, and its own settings on top. */
export type Environment = Readonly<Record<string, string | undefined>>;

const ownedByOthers =
  /^(?:npm_.*|INIT_CWD|NODE_CHANNEL_.*|VITEST.*|TEST|DATABASE_URL|GATEWAY_DATABASE_URL|ADMIN_PASSWORD)$/;
const providerKey = /_API_KEY$/;

/** Without owner's database address, provider keys and the settings of the tool that started us. */
export function inheritEnvironment(environment: Environment): Environment {
  const kept = Object.entries(environment).filter(([name]) => !ownedByOthers.test(name) && !providerKey.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: "production" };
}

/** The provider keys alone, for the first-run seed. */
export function providerKeys(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => providerKey.test(name)));
}
