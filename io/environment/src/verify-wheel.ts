// Inspection of a wheel before anything of it is unpacked.

export interface ExpectedWheel {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
}

export async function verifyWheel(_path: string, _expected: ExpectedWheel): Promise<void> {}
