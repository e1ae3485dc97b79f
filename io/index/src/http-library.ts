// The parts of the HTTP library that are used: a module of its own, so that a bundle can load it late by name.

export { Agent, EnvHttpProxyAgent } from "undici";
