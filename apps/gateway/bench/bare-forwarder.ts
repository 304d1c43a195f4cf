/** What the gateway is measured against: node:http and undici, a body in, a body out, and nothing else. */
import { createServer } from "node:http";
import { pipeline } from "node:stream";
import { Pool } from "undici";

const upstream = new URL(process.argv[2] ?? "");
const pool = new Pool(upstream.origin, { pipelining: 1, keepAliveTimeout: 30_000 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    pool
      .request({
        method: "POST",
        path: request.url ?? "/",
        headers: { "content-type": "application/json", authorization: request.headers.authorization ?? "" },
        body: Buffer.concat(chunks),
      })
      .then(
        ({ statusCode, headers, body }) => {
          response.writeHead(statusCode, { "content-type": String(headers["content-type"]) });
          pipeline(body, response, () => undefined);
        },
        () => response.writeHead(502).end(),
      );
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
