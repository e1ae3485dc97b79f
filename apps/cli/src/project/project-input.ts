// What a command is asked to resolve, wherever it was written down.

import type { ProjectRequirement } from "@thoth/adviser";
import type { Requirement, Specifiers } from "@thoth/pep";
import { type NamedPlaces, NO_PLACES } from "../session/index-places.ts";

export interface ProjectInput {
  readonly requirements: readonly ProjectRequirement[];
  readonly constraints: readonly Requirement[];
  readonly requiresPython?: Specifiers | undefined;
  readonly places: NamedPlaces;
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  /** The project itself asks for pre-releases. */
  readonly prerelease: boolean;
  readonly warnings: readonly string[];
}

export const EMPTY_INPUT: ProjectInput = {
  requirements: [],
  constraints: [],
  places: NO_PLACES,
  noBinary: [],
  onlyBinary: [],
  prerelease: false,
  warnings: [],
};

/** Several inputs as one, in their order. */
export function joinInputs(inputs: readonly ProjectInput[]): ProjectInput {
  const indexUrl = inputs.findLast(({ places }) => places.indexUrl !== undefined)?.places.indexUrl;
  const requiresPython = inputs.find((input) => input.requiresPython !== undefined)?.requiresPython;
  return {
    requirements: inputs.flatMap(({ requirements }) => requirements),
    constraints: inputs.flatMap(({ constraints }) => constraints),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    places: {
      ...(indexUrl === undefined ? {} : { indexUrl }),
      extraIndexUrls: inputs.flatMap(({ places }) => places.extraIndexUrls),
      findLinks: inputs.flatMap(({ places }) => places.findLinks),
      noIndex: inputs.some(({ places }) => places.noIndex),
      trustedHosts: inputs.flatMap(({ places }) => places.trustedHosts),
    },
    noBinary: inputs.flatMap(({ noBinary }) => noBinary),
    onlyBinary: inputs.flatMap(({ onlyBinary }) => onlyBinary),
    prerelease: inputs.some(({ prerelease }) => prerelease),
    warnings: inputs.flatMap(({ warnings }) => warnings),
  };
}
