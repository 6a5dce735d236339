import { sshKeyOf } from '../ssh/ssh-allowed-signers.ts'
import { sshFingerprint } from '../ssh/ssh-wire.ts'

/** A public key, 32 bytes in base64, in short: `SHA256:…`, as `ssh-keygen -l` prints it. */
export function sshPrint(publicKey: string): string {
  return sshFingerprint(sshKeyOf(publicKey))
}
