// Where things lie in an image, and whose its folders are.

/** The virtual environment, where images of OpenShift have theirs. No slash at the beginning, as in archives. */
export const ROOT = "opt/app-root";
/** The notebook, and the home of whoever runs the image. */
export const HOME = `${ROOT}/src`;
export const PROGRAMS = `${ROOT}/bin`;
/** Whoever runs it, of group 0: OpenShift gives another user, of that group too. */
export const USER = 1001;

/** The second day that a zip knows, in seconds since 1970: every layer says the same of a folder. */
export const FOLDER_TIME = 315_619_200;

/** `version`: such as `3.11`. */
export function sitePackages(version: string): string {
  return `${ROOT}/lib/python${version}/site-packages`;
}

/** Every layer says the same of a folder, whichever it is unpacked from last. */
export function folderRights(path: string): { readonly mode: number; readonly user: number } {
  const isWritable = path === HOME || path.startsWith(`${HOME}/`);
  return isWritable ? { mode: 0o775, user: USER } : { mode: 0o755, user: 0 };
}
