// The one part of the HTTP library that every request needs, in a module of its own so that a bundle can load
// it late by name. The library as a whole takes twice as long to load (48 against 28 ms).

import type { Agent as AgentClass } from "undici";
// @ts-expect-error: parts of the library have no types of their own.
import AgentPart from "undici/lib/dispatcher/agent.js";

export const Agent = AgentPart as typeof AgentClass;
