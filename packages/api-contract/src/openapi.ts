/** The OpenAPI 3.1 document, derived from the operations; nothing is written twice. */
import { z } from "zod";
import { allOperations } from "./catalogue.ts";
import type { Operation } from "./operation.ts";
import { apiErrorSchema } from "./primitives.ts";

type JsonSchema = Record<string, unknown>;

function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", target: "draft-2020-12" });
  return rest;
}

function parametersIn(schema: z.ZodType, location: "path" | "query"): JsonSchema[] {
  const object = jsonSchema(schema, "input");
  const required = new Set((object["required"] as string[] | undefined) ?? []);
  return Object.entries((object["properties"] as Record<string, JsonSchema> | undefined) ?? {}).map(
    ([name, property]) => ({
      name,
      in: location,
      required: location === "path" || required.has(name),
      schema: property,
    }),
  );
}

function describeAccess(operation: Operation): string {
  if (operation.access === "public") return "Open to everybody.";
  if (operation.access === "member") return "Any signed-in member or admin token.";
  return `Roles: ${operation.access.join(", ")}.`;
}

function describeOperation(operation: Operation): JsonSchema {
  const body = operation.body instanceof z.ZodUndefined ? undefined : operation.body;
  const success =
    operation.status === 204
      ? { description: "Done" }
      : operation.produces === "application/json"
        ? {
            description: "Success",
            content: { "application/json": { schema: jsonSchema(operation.response, "output") } },
          }
        : { description: "Success", content: { [operation.produces]: { schema: { type: "string" } } } };
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: describeAccess(operation),
    parameters: [...parametersIn(operation.params, "path"), ...parametersIn(operation.query, "query")],
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: jsonSchema(body, "input") } } },
    }),
    responses: {
      [operation.status]: success,
      default: {
        description: "Error",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

/** Builds the document for one server URL. */
export function buildOpenApiDocument(version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of allOperations) {
    const path = operation.path.replace(/:([A-Za-z]+)/g, "{$1}");
    paths[path] ??= {};
    paths[path][operation.method.toLowerCase()] = describeOperation(operation);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Switchyard control plane", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    security: [{ session: [] }, { adminToken: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "better-auth.session_token" },
        adminToken: { type: "http", scheme: "bearer" },
      },
      schemas: { Error: jsonSchema(apiErrorSchema, "output") },
    },
  };
}
