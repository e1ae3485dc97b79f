// Puts the pictures that the guide shows beside it, as the browser tests saw them last.

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const guide = readFileSync(`${root}docs/jupyterlab.md`, "utf8");
mkdirSync(`${root}docs/images`, { recursive: true });
for (const [, name] of guide.matchAll(/\(images\/([\w-]+\.png)\)/g))
  copyFileSync(`${root}.cache/pictures/${name}`, `${root}docs/images/${name}`);
