// What an operator settles of a GitHub app. https://docs.github.com/en/apps/creating-github-apps

import type { Secret } from "@thoth/index";
import type { AdviceQuestion } from "../../questions/question.ts";

export interface GitHubSettings {
  /** Its number or client id. */
  readonly app: string;
  /** PEM of its RSA key. */
  readonly key: Secret;
  /** Of its webhooks. */
  readonly secret: Secret;
  /** Such as `https://api.github.com`, without a slash at its end. */
  readonly api: string;
  /** Id of the tenant whose questions those of repositories are. */
  readonly tenant: string;
  readonly recommendationType: AdviceQuestion["recommendationType"];
}
