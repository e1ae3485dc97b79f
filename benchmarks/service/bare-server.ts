// What the service is held against: the same framework, and for each request a row that is written and read.

import Fastify from "fastify";
import { Pool } from "pg";

const pool = new Pool({ connectionString: process.env["DATABASE"], max: 10 });
await pool.query("CREATE TABLE asked (id bigserial PRIMARY KEY, body text NOT NULL)");
const server = Fastify({ logger: false });
server.post("/", async (request) => {
  const { rows } = await pool.query<{ id: string }>("INSERT INTO asked (body) VALUES ($1) RETURNING id", [
    JSON.stringify(request.body),
  ]);
  const found = await pool.query("SELECT id, body FROM asked WHERE id = $1", [rows[0]?.id]);
  return found.rows[0] as object;
});
const url = await server.listen({ host: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ message: "listening", url }));
process.once("SIGTERM", () => {
  void server.close().then(() => pool.end());
});
