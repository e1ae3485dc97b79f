// Links that open a notebook of a public repository in a browser. Binder: https://mybinder.readthedocs.io/, Colab:
// https://research.google.com/colaboratory/, nbgitpuller: https://nbgitpuller.readthedocs.io/en/latest/link.html

import { quote, ThothError } from "@thoth/pep";

export interface Place {
  /** With its port, if any. */
  readonly host: string;
  /** `owner/repository`, with as many groups as there are. */
  readonly repository: string;
  readonly ref: string;
  /** Of the notebook in the repository. */
  readonly path: string;
}

export interface ShareLink {
  readonly name: "binder" | "colab" | "jupyterhub";
  readonly url: string;
}

/** Host and path of a remote, without credentials. Undefined: a place that nobody else reaches. */
export function remotePlace(remote: string): Pick<Place, "host" | "repository"> | undefined {
  const short = /^(?:[^@/:\s]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(remote);
  const long = /^(https?|ssh|git):\/\/(?:[^@/]*@)?([\w.-]+)(:\d+)?\/(.+)$/i.exec(remote);
  if (short === null && long === null) return undefined;
  const isWeb = long !== null && /^http/i.test(long[1] as string);
  const host = long === null ? (short?.[1] as string) : `${long[2]}${isWeb ? (long[3] ?? "") : ""}`;
  const path = long === null ? (short?.[2] as string) : (long[4] as string);
  const repository = path
    .replace(/[?#].*$/, "")
    .replace(/^\/+|\/+$/g, "")
    .replace(/\.git$/, "");
  // A drive's letter is no host.
  if (host.length < 2 || !/^[\w.~-]+(?:\/[\w.~-]+)+$/.test(repository)) return undefined;
  return { host: host.toLowerCase(), repository };
}

export function shareLinks(place: Place, hub: string | undefined): readonly ShareLink[] {
  const { host, repository, ref, path } = place;
  const links: ShareLink[] = [{ name: "binder", url: binderLink(place) }];
  if (host === "github.com") {
    const url = `https://colab.research.google.com/github/${repository}/blob/${pathText(ref)}/${pathText(path)}`;
    links.push({ name: "colab", url });
  }
  if (hub !== undefined) {
    const name = repository.split("/").at(-1) as string;
    const words = new URLSearchParams({
      repo: `https://${host}/${repository}`,
      branch: ref,
      urlpath: `lab/tree/${name}/${path}`,
    });
    links.push({ name: "jupyterhub", url: `${hubUrl(hub)}/hub/user-redirect/git-pull?${words}` });
  }
  return links;
}

function binderLink({ host, repository, ref, path }: Place): string {
  const [provider, where] =
    host === "github.com"
      ? ["gh", repository]
      : host === "gitlab.com"
        ? ["gl", encodeURIComponent(repository)]
        : ["git", encodeURIComponent(`https://${host}/${repository}`)];
  return `https://mybinder.org/v2/${provider}/${where}/${encodeURIComponent(ref)}?labpath=${encodeURIComponent(path)}`;
}

function pathText(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function hubUrl(hub: string): string {
  const url = URL.canParse(hub) ? new URL(hub) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ThothError("usage", `${quote(hub)} is no address of a JupyterHub`, {
      hint: "Write it as https://hub.example.org.",
    });
  }
  return `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, "").replace(/\/hub$/, "");
}
