// A resolution engine: whatever turns requirements into a lock. Ours is one of four; all give the same shape.

import type {
  Evidence,
  LockDocument,
  Loosening,
  Loosenings,
  MovedPackage,
  PackageAdvice,
  Product,
  Project,
  RuleBook,
  RuleJustification,
} from "@thoth/adviser";
import type { IndexSession, ResolutionOutcome } from "@thoth/index";
import type { AdvisoryReader } from "@thoth/knowledge";
import type { PackageName, Pylock } from "@thoth/pep";
import type { Use } from "@thoth/python";
import type { Reason } from "../advice/reasons.ts";
import type { Invocation } from "../frame/command.ts";
import type { ProjectInput } from "../project/project-input.ts";
import type { ChosenTarget } from "../project/target.ts";
import type { Unseen } from "../session/evidence.ts";
import type { EngineName, ResolutionSettings } from "../settings/resolution-settings.ts";

export interface LockRequest {
  readonly settings: ResolutionSettings;
  readonly input: ProjectInput;
  readonly target: ChosenTarget;
  /** What a failure calls that which was asked for, such as `the notebook's requirements`. */
  readonly subject: string;
  /** Of the step that people see. */
  readonly label?: string;
  /** Names of modules that the code uses; asked where rules are minded. */
  readonly libraryUsage?: () => Readonly<Record<string, readonly string[]>>;
  /** What the code uses of packages, and how; asked where breakage is minded. */
  readonly usage?: () => readonly Use[];
  /** Further questions, while what is known of the packages is at hand. Our own engine alone asks them. */
  readonly consult?: (consultation: Consultation) => Promise<void>;
  /** Wants what shows each answer; our own engine alone has it. */
  readonly prove?: Prove | undefined;
  /** Instead of the exact search of our own engine. */
  readonly search?: (project: Project, known: Knowledge) => Promise<Product>;
}

/** What a search reads. */
export interface Knowledge {
  readonly session: IndexSession;
  readonly advisories: AdvisoryReader | undefined;
  readonly rules: RuleBook | undefined;
  /** The digest of what the index lists of a project, worked out once for as long as it lists the same. */
  readonly listing: (name: PackageName, digest: () => string) => string;
}

export type Prove = (project: Project, evidence: Evidence) => Promise<void>;

export interface Consultation {
  readonly project: Project;
  readonly product: Product;
  readonly known: Knowledge;
  /** The best stack of another project; undefined where there is none, or none was found in time. */
  readonly resolve: (project: Project) => Promise<Product | undefined>;
  /** The same, with the failure where there is none. */
  readonly ask: (project: Project) => Promise<ResolutionOutcome>;
  /** Likewise what each of these loosenings would give, all within the time for one resolution. */
  readonly loosen: (wishes: readonly Loosenings[]) => Scales;
}

export interface Scales {
  /** Undefined where nothing was found in time. */
  weigh(loosening: Loosening): Promise<Weight | undefined>;
  /** The time is up. */
  readonly late: boolean;
}

/** What can be told of a stack without looking at what it is made of. */
export type Weight = Pick<Product, "objective" | "flawCount" | "proof">;

export interface Locked {
  readonly engine: EngineName;
  readonly pylock: Pylock;
  /** Made when asked for: a large lock costs time. */
  readonly document: () => LockDocument;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  readonly proof: "optimal" | "feasible";
  readonly objective: LockDocument["objective"];
  readonly warnings: readonly string[];
  /** Of several environments: their names. */
  readonly environments?: readonly string[];
  /** Where another lock was preferred: what is not as in that. */
  readonly moved?: readonly MovedPackage[];
  /** Why a package has its version, where a service has told it. */
  readonly reasons?: (name: string) => readonly Reason[];
  /** What only our own engine can tell. */
  readonly advised?: Advised;
}

export interface Advised {
  readonly packages: () => readonly PackageAdvice[];
  readonly stackInfo: () => readonly RuleJustification[];
  readonly advisories: AdvisoryReader | undefined;
  /** Where evidence was looked for: the packages of which none is known. */
  readonly unseen: readonly Unseen[] | undefined;
}

export type Engine = (invocation: Invocation, request: LockRequest) => Promise<Locked>;
