export interface PriorCheckpoint {
  readonly note: string
  readonly seq: number
  /** Gives the public key that an earlier version has derived from the install key, 32 bytes in base64, where that has signed it. */
  derived(): string | undefined
}
