import { PLAN_NAMESPACE, SERVER_NAMESPACE, signerLine } from '../../identity/ssh-allowed-signers.ts'
import type { KeyName } from '../../system/signing-keys.ts'
import { ownVerifier } from '../audit/own-verifier.ts'
import type { Desk } from '../desk.ts'

/** What others need to believe a key: a line for their `trust/allowed_signers`, or the public key of the checkpoints in PEM. */
export function publicForm(desk: Pick<Desk, 'keys' | 'key'>, name: KeyName, publicKey: string): string {
  switch (name) {
    case 'plan':
      return `${signerLine(PLAN_NAMESPACE, publicKey)}\n`
    case 'server':
      return `${signerLine(SERVER_NAMESPACE, publicKey)}\n`
    case 'checkpoint':
      return ownVerifier(desk.keys, desk.key).pem
  }
}
