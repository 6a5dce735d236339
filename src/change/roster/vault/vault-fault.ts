export type VaultReason = 'no-password' | 'wrong-password' | 'damaged'

/** Its message holds nothing of a password or of what is encrypted. */
export class VaultFault extends Error {
  readonly reason: VaultReason

  constructor(reason: VaultReason, message: string) {
    super(message)
    this.reason = reason
  }
}
