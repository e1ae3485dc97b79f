// The OpenAPI document of operations. https://spec.openapis.org/oas/v3.1.0

import type { Schema } from "../schema.ts";
import type { Answer, Operation, Operations, Parameter } from "./operation.ts";

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
}

const JSON_TYPE = "application/json";

/** Schemas that have a title and occur more than once are told once, as components. */
export function openApiOf(operations: Operations, { title, version }: OpenApiOptions): object {
  const components = new Components(operations);
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, operation] of Object.entries(operations)) {
    paths[operation.path] ??= {};
    (paths[operation.path] as Record<string, object>)[operation.method] = {
      operationId,
      ...operationObject(operation, components),
    };
  }
  return {
    openapi: "3.1.0",
    info: { title, version },
    paths,
    components: {
      schemas: components.told(),
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

function operationObject(operation: Operation, components: Components): object {
  const { summary, scope, places = {}, query = {}, headers = {}, body, answers } = operation;
  const parameters = [
    ...Object.entries(places).map(([name, place]) =>
      parameterObject(name, "path", { ...place, required: true }),
    ),
    ...Object.entries(query).map(([name, parameter]) => parameterObject(name, "query", parameter)),
    ...Object.entries(headers).map(([name, parameter]) => parameterObject(name, "header", parameter)),
  ];
  const requestBody = {
    required: true,
    content: { [operation.bodyType ?? JSON_TYPE]: { schema: body && components.refer(body) } },
  };
  return {
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { requestBody }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, answerObject(answer, components)]),
    ),
    // Whether anybody may ask without a token is for the deployment to say.
    ...(scope === undefined ? {} : { security: [{}, { token: [] }] }),
  };
}

function parameterObject(
  name: string,
  place: string,
  { description, schema, required = false }: Parameter,
): object {
  return { name, in: place, description, required, schema };
}

function answerObject({ description, schema, type = JSON_TYPE }: Answer, components: Components): object {
  return schema === undefined
    ? { description }
    : { description, content: { [type]: { schema: components.refer(schema) } } };
}

class Components {
  readonly #names = new Map<Schema, string>();

  constructor(operations: Operations) {
    const counts = new Map<Schema, number>();
    for (const { body, answers } of Object.values(operations)) {
      const schemas = [body, ...Object.values(answers).map(({ schema }) => schema)];
      for (const schema of schemas) if (schema !== undefined) count(schema, counts);
    }
    const taken = new Set<string>();
    for (const [schema, times] of counts) {
      if (times < 2 || schema.title === undefined) continue;
      const plain = nameOf(schema.title);
      let name = plain;
      for (let number = 2; taken.has(name); number++) name = `${plain}${number}`;
      taken.add(name);
      this.#names.set(schema, name);
    }
  }

  refer(schema: Schema): object {
    const name = this.#names.get(schema);
    return name === undefined ? this.#inside(schema) : { $ref: `#/components/schemas/${name}` };
  }

  told(): Readonly<Record<string, object>> {
    return Object.fromEntries([...this.#names].map(([schema, name]) => [name, this.#inside(schema)]));
  }

  #inside(schema: Schema): object {
    const { properties, items, anyOf, additionalProperties, ...rest } = schema;
    return {
      ...rest,
      ...(properties && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, member]) => [name, this.refer(member)]),
        ),
      }),
      ...(items && { items: this.refer(items) }),
      ...(anyOf && { anyOf: anyOf.map((choice) => this.refer(choice)) }),
      ...(additionalProperties === undefined
        ? {}
        : {
            additionalProperties:
              typeof additionalProperties === "boolean"
                ? additionalProperties
                : this.refer(additionalProperties),
          }),
    };
  }
}

/** Each schema that is met twice is looked into once. */
function count(schema: Schema, counts: Map<Schema, number>): void {
  const times = counts.get(schema) ?? 0;
  counts.set(schema, times + 1);
  if (times > 0) return;
  const { properties = {}, items, anyOf = [], additionalProperties } = schema;
  for (const member of Object.values(properties)) count(member, counts);
  if (items !== undefined) count(items, counts);
  for (const choice of anyOf) count(choice, counts);
  if (typeof additionalProperties === "object") count(additionalProperties, counts);
}

function nameOf(title: string): string {
  const words = title.match(/[A-Za-z0-9]+/g) ?? ["Schema"];
  return words
    .slice(0, 6)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
