/** The control plane as a client of its API sees it. */
export interface AdminApi {
  /** @throws Error when the answer is no success. */
  ask(path: string): Promise<unknown>;
  /** The bytes of a file as they arrive. */
  download(path: string): AsyncIterable<Uint8Array>;
}

export function openAdminApi(adminUrl: string, adminToken: string, signal: AbortSignal): AdminApi {
  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(adminUrl + path, { headers: { authorization: `Bearer ${adminToken}` }, signal });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  return {
    ask: async (path) => await (await get(path)).json(),
    async *download(path) {
      const { body } = await get(path);
      if (body !== null) yield* body;
    },
  };
}
