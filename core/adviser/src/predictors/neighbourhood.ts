// Stacks near a stack: one package is decided first and anew, the others keep their releases as far as that leaves them.

import type { Episodes } from "@thoth/solver";
import { firstOpen } from "./choices.ts";

export class Neighbourhood {
  /** Release per package of the stack that is varied, -1 for none; and its packages in order. */
  releases = new Int32Array(0);
  packages = new Int32Array(0);
  size = 0;
  score = Number.NEGATIVE_INFINITY;
  /** The package that is decided anew, or -1. */
  target = -1;

  start(episodes: Episodes): void {
    this.releases = new Int32Array(episodes.packages).fill(-1);
    this.packages = new Int32Array(episodes.packages);
    this.size = 0;
    this.score = Number.NEGATIVE_INFINITY;
    this.target = -1;
  }

  /** The stack that the episodes show is the one to vary. */
  move(episodes: Episodes, score: number): void {
    episodes.copy(this.releases);
    this.size = episodes.needed;
    for (let place = 0; place < this.size; place++) this.packages[place] = episodes.neededAt(place);
    this.score = score;
  }

  moveTo(other: Neighbourhood): void {
    this.releases.set(other.releases);
    this.packages.set(other.packages);
    this.size = other.size;
    this.score = other.score;
  }

  choosePackage(episodes: Episodes): number {
    return this.target >= 0 && episodes.isOpen(this.target) ? this.target : firstOpen(episodes);
  }

  /** The release that the package has in the stack, or -1 where it is not to be had. */
  kept(episodes: Episodes, package_: number): number {
    const release = this.releases[package_] as number;
    return release >= 0 && episodes.isLegal(package_, release) ? release : -1;
  }
}
