// Builds of the first API: analyses of the images that went in and came out, and the log, which is kept as it is.

import type { BuildInput } from "@thoth/contract/service";
import type { Handler } from "../http/handler.ts";
import { invalid } from "../http/incoming.ts";
import { BuildLogs } from "../jobs/build-logs.ts";
import type { Service } from "../service.ts";
import type { Admit } from "./ask.ts";
import { askImage, type ImageSettings, imageQuestionOf, readAsked, registryOf } from "./image-handlers.ts";

export function buildHandler(service: Service, settings: ImageSettings, admit: Admit): Handler {
  const logs = new BuildLogs(service.database);
  const { vault, checkImage } = settings;
  return async ({ body, caller, query }) => {
    const { base_image, output_image, build_log } = body as BuildInput;
    if (!base_image && !output_image && build_log == null)
      throw invalid("there is neither an image nor a log to be analysed");
    // Whatever is wrong is told before anything is kept.
    const questionOf = (image: string, prefix: string) => {
      const asked = readAsked(image, registryOf(query, prefix));
      checkImage(asked.reference.text);
      return imageQuestionOf(asked, { caller, query, vault });
    };
    const base = base_image ? questionOf(base_image, "base_") : undefined;
    const output = output_image ? questionOf(output_image, "output_") : undefined;
    const asking = { caller, query, admit };
    if (base === undefined && output === undefined) admit(caller);
    const document = {
      base_image_analysis: base === undefined ? null : await askImage(service, base, asking),
      output_image_analysis: output === undefined ? null : await askImage(service, output, asking),
      buildlog_analysis: null,
      buildlog_document_id: build_log == null ? null : await logs.keep(caller.tenant, build_log),
    };
    return { status: 202, document };
  };
}

export function buildLogHandler({ database }: Service): Handler {
  const logs = new BuildLogs(database);
  return async ({ places }) => {
    const document = await logs.read(places["document_id"] ?? "");
    if (document !== undefined) return { status: 200, document };
    const parameters = { document_id: places["document_id"] };
    return { status: 404, document: { error: "Requested build log was not found", parameters } };
  };
}
