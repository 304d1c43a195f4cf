import { Socket } from "node:net";
import {
  quotaRecallChannel,
  sendHeartbeat,
  type Heartbeat,
  type QuotaRecall,
} from "@switchyard/database/lease-protocol";
import pg from "pg";
import { z } from "zod";

export type { QuotaRecall };

const recallSchema = z.object({ quotaId: z.string(), windowStartMs: z.number(), recall: z.number() });

/** One connection that beats and listens: as long as beats are answered, recalls arrive too. */
export interface HeartbeatConnection {
  beat(heartbeat: Heartbeat): Promise<{ readonly databaseNowMs: number; readonly liveGateways: number }>;
  close(): void;
}

export async function openHeartbeatConnection(
  databaseUrl: string,
  onRecall: (recall: QuotaRecall) => void,
): Promise<HeartbeatConnection> {
  const socket = new Socket();
  const client = new pg.Client({
    stream: () => socket,
    connectionString: databaseUrl,
    application_name: "switchyard-gateway-heartbeat",
    connectionTimeoutMillis: 2_000,
    statement_timeout: 1_000,
    query_timeout: 1_500,
    keepAlive: true,
  });
  // The next beat finds out; without a listener the error would end the process.
  client.on("error", () => undefined);
  client.on("notification", ({ payload }) => {
    const recall = parseRecall(payload);
    if (recall !== null) onRecall(recall);
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${quotaRecallChannel}`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    beat: (heartbeat) => sendHeartbeat(client, heartbeat),
    // Not a farewell, which waits for an answer that a hanging server never gives.
    close: () => socket.destroy(),
  };
}

function parseRecall(payload: string | undefined): QuotaRecall | null {
  try {
    return recallSchema.safeParse(JSON.parse(payload ?? "")).data ?? null;
  } catch {
    return null;
  }
}
