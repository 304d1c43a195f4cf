/** The control plane as a client of its API sees it. */
export interface AdminApi {
  /** Text where the answer is not JSON. @throws Error when it is no success. */
  ask(path: string): Promise<unknown>;
  /** @throws Error when the answer is no success. */
  tell(path: string, body: unknown): Promise<unknown>;
  /** The bytes of a file as they arrive. */
  download(path: string): AsyncIterable<Uint8Array>;
}

export function openAdminApi(adminUrl: string, adminToken: string, signal: AbortSignal): AdminApi {
  const authorization = `Bearer ${adminToken}`;
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(adminUrl + path, { ...init, signal });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const get = (path: string): Promise<Response> => call(path, { headers: { authorization } });
  return {
    ask: async (path) => {
      const answer = await get(path);
      const isJson = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
      return isJson ? await answer.json() : await answer.text();
    },
    tell: async (path, body) => {
      const headers = { authorization, "content-type": "application/json" };
      return await (await call(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
    },
    async *download(path) {
      const { body } = await get(path);
      if (body !== null) yield* body;
    },
  };
}
