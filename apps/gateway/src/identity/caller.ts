/** Who is calling, as the pinned policy revision knows the key. */
export interface Caller {
  readonly organisationId: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly virtualKeyId: string;
  /** Null: every route that the project may call. */
  readonly allowedRouteIds: ReadonlySet<string> | null;
  /** Connections that it may pass calls through to; empty for nearly every key. */
  readonly passthroughConnectionIds: readonly string[];
}
