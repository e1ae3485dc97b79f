// How much of anything an index may make us take: whatever it sends, time and memory stay bounded.

export interface IndexLimits {
  /** Bytes of an index page after decompression. The largest real ones have 40 MB. */
  readonly pageBytes: number;
  /** Bytes of all pages and metadata that are arriving at one time. */
  readonly heldBytes: number;
  /** Bytes of one METADATA or PKG-INFO file. */
  readonly metadataBytes: number;
  /** Bytes of an archive's directory. */
  readonly directoryBytes: number;
  /** Bytes of a wheel that is fetched whole because its index knows no ranges. */
  readonly wholeWheelBytes: number;
  /** Bytes of a wheel that is fetched whole because parts of it made no sense. */
  readonly doubtedBytes: number;
  /** Bytes that are unpacked of a source distribution in search of its metadata. */
  readonly unpackedBytes: number;
  /** Bytes of an artifact whose size no page tells. */
  readonly artifactBytes: number;
  /** Seconds for a page or metadata, redirects and further attempts included. */
  readonly requestSeconds: number;
  /** Seconds without a byte after which a request is given up. */
  readonly stallSeconds: number;
  /** Bytes per second below which an artifact is given up, beyond `requestSeconds`. */
  readonly slowestRate: number;
  /** Seconds of pauses between attempts together, and the most that `Retry-After` may ask for. */
  readonly retrySeconds: number;
  /** Attempts after the first. */
  readonly retries: number;
  readonly redirects: number;
  /** Requests in flight at once. */
  readonly requests: number;
  /** Artifacts downloaded at once. */
  readonly downloads: number;
  /** Connections to one host that does not speak HTTP/2. */
  readonly connections: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: IndexLimits = {
  pageBytes: 64 * MIB,
  heldBytes: 256 * MIB,
  metadataBytes: 16 * MIB,
  directoryBytes: 64 * MIB,
  wholeWheelBytes: 1024 * MIB,
  doubtedBytes: 128 * MIB,
  unpackedBytes: 256 * MIB,
  artifactBytes: 8192 * MIB,
  requestSeconds: 30,
  stallSeconds: 15,
  slowestRate: 16 * 1024,
  retrySeconds: 8,
  retries: 3,
  redirects: 10,
  requests: 32,
  downloads: 6,
  connections: 12,
};
