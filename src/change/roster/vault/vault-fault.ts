/** Why a vault cannot be opened: no password for its id, a password that is not right, or an envelope that is damaged. */
export type VaultReason = 'no-password' | 'wrong-password' | 'damaged'

/** Ends the decryption of a vault. Its message holds nothing of a password or of what is encrypted. */
export class VaultFault extends Error {
  readonly reason: VaultReason

  constructor(reason: VaultReason, message: string) {
    super(message)
    this.reason = reason
  }
}
