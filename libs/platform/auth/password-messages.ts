/** Cost of a hash, in the names of the PHC form. */
export interface HashParams {
  /** KiB. */
  m: number;
  /** Passes. */
  t: number;
  /** Lanes. */
  p: number;
  /** Length of the hash. */
  bytes: number;
}

/** Asks the thread for a hash. */
export interface HashRequest {
  id: number;
  password: string;
  salt: Uint8Array;
  params: HashParams;
}

/** What it says. */
export type HashReply = { id: number } & ({ hash: Uint8Array } | { fault: string });
