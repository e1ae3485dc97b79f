export { type BaseImage, readBase } from "./base-image.ts";
export { type BuiltImage, buildImage, type LocalWheel } from "./build-image.ts";
export type { Descriptor } from "./image-documents.ts";
export { keptCredentials } from "./kept-credentials.ts";
export { archiveOf } from "./layout-archive.ts";
export { LayoutSource } from "./layout-source.ts";
export { checkReplaceable, LayoutWriter } from "./layout-writer.ts";
export { describeLock, isFor, lockedWheels, newestUpload } from "./locked-wheels.ts";
export { type Pushed, pushImage } from "./push-image.ts";
