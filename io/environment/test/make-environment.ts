// Makes the environment of the wheels in `FOLDER/files` below `FOLDER/environments`, for tests that kill it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createEnvironment } from "../src/create-environment.ts";
import { World } from "./world.ts";

const [, , folder = ""] = process.argv;
const world = await World.open();
const files = join(folder, "files");
const artifacts = readdirSync(files).map((filename) => ({
  filename,
  bytes: readFileSync(join(files, filename)),
  metadata: "",
}));
const request = world.request(await world.lock(artifacts), { root: join(folder, "environments") });
const { path, created } = await createEnvironment(request);
process.stdout.write(JSON.stringify({ path, created }));
await world.close();
