// The commands that run the service.

import type { CommandSpec, OptionSpec } from "../../frame/command.ts";

const sharedOptions: readonly OptionSpec[] = [
  {
    flags: "--database <place>",
    description: "a postgresql:// URL; a file below --data where it is left out, for this process alone",
    variable: "THOTH_DATABASE",
  },
  {
    flags: "--data <folder>",
    description: "where what can be made again is kept, and the database where none is named",
    variable: "THOTH_SERVICE_DATA",
  },
  {
    flags: "-i, --index-url <url>",
    description: "the index that is asked where a question names none",
    variable: "THOTH_INDEX_URL",
  },
  {
    flags: "--extra-index-url <url>",
    description: "another one; the first index that knows a name owns it",
    variable: "THOTH_EXTRA_INDEX_URL",
    repeatable: true,
  },
  {
    flags: "--allowed-host <host>",
    description:
      "a host that questions may name and that is asked: HOST, HOST:PORT or *.DOMAIN, with a + where its address is internal",
    variable: "THOTH_ALLOWED_HOSTS",
    repeatable: true,
  },
  {
    flags: "--workers <number>",
    description: "questions that are worked on at a time, each in a process of its own",
    variable: "THOTH_WORKERS",
  },
  {
    flags: "--time-limit <seconds>",
    description: "time that one question may take; 600 where none is named",
    variable: "THOTH_TIME_LIMIT",
  },
  {
    flags: "--keep-days <number>",
    description: "days for which jobs and their results are kept; 90 where none is named",
    variable: "THOTH_KEEP_DAYS",
  },
  {
    flags: "--largest-image <GiB>",
    description: "how large an image may be, packed, that is analysed; 4 where nothing is said",
    variable: "THOTH_LARGEST_IMAGE",
  },
  {
    flags: "--kept-images <number>",
    description:
      "images that analyses which everybody sees may bring into the knowledge graph; 200 where nothing is said",
    variable: "THOTH_KEPT_IMAGES",
  },
];

export const serviceCommands: readonly CommandSpec[] = [
  {
    name: "serve",
    summary: "answer questions of many people over HTTP",
    options: [
      {
        flags: "--host <address>",
        description: "where it listens; 127.0.0.1 where none is named",
        variable: "THOTH_HOST",
      },
      {
        flags: "--port <number>",
        description: "0: any that is free; 8080 where none is named",
        variable: "THOTH_PORT",
      },
      { flags: "--tls-cert <file>", description: "a certificate (PEM)", variable: "THOTH_TLS_CERT" },
      { flags: "--tls-key <file>", description: "its key (PEM)", variable: "THOTH_TLS_KEY" },
      {
        flags: "--tls-self-signed",
        description: "make a certificate for this machine, and keep it below --data",
      },
      {
        flags: "--proxies <number>",
        description: "proxies in front, whose word on the caller's address is taken",
        variable: "THOTH_PROXIES",
      },
      {
        flags: "--requests <number>",
        description: "requests at a time, more are told to come back; 128 where none is named",
        variable: "THOTH_REQUESTS",
      },
      {
        flags: "--postgresql",
        description:
          "a PostgreSQL server of its own, kept below --data (of root: /var/lib/thoth), begun and ended with it",
      },
      {
        flags: "--drain <seconds>",
        description: "when it is told to end, so long it serves and says at /readyz that it is not ready; 0",
        variable: "THOTH_DRAIN",
      },
      { flags: "--migrate-only", description: "make or change the tables of the database, and end" },
      ...sharedOptions,
    ],
    examples: [
      ["serve", "for yourself or a small team: everything in one process"],
      ["serve --postgresql", "the same, with a PostgreSQL server of its own"],
      [
        "serve --database postgresql://thoth@db/thoth --host 0.0.0.0",
        "one of several, with workers elsewhere",
      ],
    ],
    load: async () => (await import("./serve.ts")).serveCommand,
  },
  {
    name: "worker",
    summary: "work on what the service is asked",
    options: [
      {
        flags: "--host <address>",
        description: "where its metrics are; 127.0.0.1 where none is named",
        variable: "THOTH_HOST",
      },
      {
        flags: "--port <number>",
        description: "of its metrics and probes; none where it is left out",
        variable: "THOTH_WORKER_PORT",
      },
      ...sharedOptions,
    ],
    examples: [
      ["worker --database postgresql://thoth@db/thoth --workers 2", "as many as there are processors"],
    ],
    load: async () => (await import("./serve.ts")).workerCommand,
  },
];
