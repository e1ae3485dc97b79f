// Libraries that wheels may count on, and where others come from. The first are those of the manylinux policies
// (https://peps.python.org/pep-0600/, https://github.com/pypa/auditwheel), whose versions go with the glibc of the systems
// that a tag stands for.

/** Those of glibc itself: all have its version. */
const OF_GLIBC =
  /^(?:lib(?:c|m)\.so\.6|libpthread\.so\.0|lib(?:dl|resolv)\.so\.2|lib(?:rt|nsl|util|anl|mvec|thread_db|BrokenLocale)\.so\.1|ld-linux.*\.so\.\d|ld64\.so\.\d)$/;

/** Others of the policies. */
const ALLOWED: ReadonlySet<string> = new Set(
  (
    "libgcc_s.so.1 libstdc++.so.6 libatomic.so.1 libX11.so.6 libXext.so.6 libXrender.so.1 libICE.so.6 libSM.so.6 " +
    "libGL.so.1 libgobject-2.0.so.0 libgthread-2.0.so.0 libglib-2.0.so.0 libexpat.so.1 libz.so.1"
  ).split(" "),
);

/** What comes with the driver of a graphics processor, and so with the machine and not with an image. */
const DRIVER = /^lib(?:cuda|nvcuvid|nvidia-[a-z]+|nvoptix)\.so(?:\.\d+)*$/;

/**
 * Versions of the compiler's libraries in the oldest systems with a glibc: CentOS 7, Debian 9, Ubuntu 18.04, RHEL 8,
 * Debian 11, RHEL 9, Ubuntu 22.04, Ubuntu 24.04.
 */
const COMPILERS: readonly (readonly [glibc: string, versions: string])[] = [
  ["2.17", "GLIBCXX_3.4.19 CXXABI_1.3.7 GCC_4.8.0"],
  ["2.24", "GLIBCXX_3.4.22 CXXABI_1.3.10 GCC_4.8.0"],
  ["2.27", "GLIBCXX_3.4.24 CXXABI_1.3.11 GCC_7.0.0"],
  ["2.28", "GLIBCXX_3.4.25 CXXABI_1.3.11 GCC_7.0.0"],
  ["2.31", "GLIBCXX_3.4.28 CXXABI_1.3.12 GCC_7.0.0"],
  ["2.34", "GLIBCXX_3.4.29 CXXABI_1.3.13 GCC_7.0.0"],
  ["2.35", "GLIBCXX_3.4.30 CXXABI_1.3.13 GCC_7.0.0"],
  ["2.39", "GLIBCXX_3.4.32 CXXABI_1.3.14 GCC_13.0.0"],
];

export type SystemLibrary = "glibc" | "allowed" | "driver" | "other";

export function kindOfLibrary(name: string): SystemLibrary {
  if (OF_GLIBC.test(name)) return "glibc";
  if (ALLOWED.has(name)) return "allowed";
  return DRIVER.test(name) ? "driver" : "other";
}

/** Versions of `libstdc++.so.6` and `libgcc_s.so.1` that every system with this glibc has; none for older ones. */
export function compilerVersions(isAtLeast: (glibc: string) => boolean): readonly string[] {
  return COMPILERS.findLast(([glibc]) => isAtLeast(glibc))?.[1].split(" ") ?? [];
}

/** By the name of a library without what stands behind `.so`: packages of PyPI, `<n>` for the version of CUDA. */
const PYPI: ReadonlyMap<string, string> = new Map([
  ["libcudart", "nvidia-cuda-runtime-cu<n>"],
  ["libcublas", "nvidia-cublas-cu<n>"],
  ["libcublasLt", "nvidia-cublas-cu<n>"],
  ["libcudnn", "nvidia-cudnn-cu<n>"],
  ["libcufft", "nvidia-cufft-cu<n>"],
  ["libcupti", "nvidia-cuda-cupti-cu<n>"],
  ["libcurand", "nvidia-curand-cu<n>"],
  ["libcusolver", "nvidia-cusolver-cu<n>"],
  ["libcusparse", "nvidia-cusparse-cu<n>"],
  ["libcusparseLt", "nvidia-cusparselt-cu<n>"],
  ["libnccl", "nvidia-nccl-cu<n>"],
  ["libnvJitLink", "nvidia-nvjitlink-cu<n>"],
  ["libnvrtc", "nvidia-cuda-nvrtc-cu<n>"],
  ["libnvToolsExt", "nvidia-nvtx-cu<n>"],
]);

/** Packages of Debian and Ubuntu. */
const DEBIAN: ReadonlyMap<string, string> = new Map([
  ["libGL.so.1", "libgl1"],
  ["libEGL.so.1", "libegl1"],
  ["libglib-2.0.so.0", "libglib2.0-0"],
  ["libgobject-2.0.so.0", "libglib2.0-0"],
  ["libgthread-2.0.so.0", "libglib2.0-0"],
  ["libgomp.so.1", "libgomp1"],
  ["libgfortran.so.5", "libgfortran5"],
  ["libquadmath.so.0", "libquadmath0"],
  ["libstdc++.so.6", "libstdc++6"],
  ["libgcc_s.so.1", "libgcc-s1"],
  ["libatomic.so.1", "libatomic1"],
  ["libX11.so.6", "libx11-6"],
  ["libXext.so.6", "libxext6"],
  ["libXrender.so.1", "libxrender1"],
  ["libSM.so.6", "libsm6"],
  ["libICE.so.6", "libice6"],
  ["libexpat.so.1", "libexpat1"],
  ["libz.so.1", "zlib1g"],
  ["libsndfile.so.1", "libsndfile1"],
  ["libxcb.so.1", "libxcb1"],
  ["libdbus-1.so.3", "libdbus-1-3"],
]);

/** Who provides a library, as a clause: "`libgl1` of Debian has it"; undefined where that is not known. */
export function providerOf(library: string): string | undefined {
  const debian = DEBIAN.get(library);
  if (debian !== undefined) return `\`${debian}\` of Debian and Ubuntu has it`;
  const match = /^(lib\w+)\.so\.(\d+)/.exec(library);
  const pypi = match === null ? undefined : PYPI.get(match[1]!);
  if (pypi === undefined) return undefined;
  // The number of most of these libraries is that of CUDA; of some it is their own.
  const isOwn = /^lib(?:cudnn|nccl|cufft|curand|cusolver|cusparseLt|nvToolsExt)$/.test(match![1]!);
  return `a package \`${isOwn ? pypi.replace("<n>", "*") : pypi.replace("<n>", match![2]!)}\` of PyPI has it`;
}
