import { asGiven } from '../../../model/install-keys.ts'
import { ownVerifier } from '../../app/store/own-verifier.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { PLAN_NAMESPACE, SERVER_NAMESPACE, signerLine } from '../../identity/ssh/ssh-allowed-signers.ts'
import type { KeyName } from '../../system/machine/key-files.ts'

/** What others need to believe a key: a line for their `trust/allowed_signers`, or the public key of the checkpoints in PEM. */
export function publicForm(
  { keys, key }: Pick<ProjectStore, 'keys' | 'key'>,
  name: KeyName,
  publicKey: string,
): string {
  switch (name) {
    case 'plan':
      return `${signerLine(PLAN_NAMESPACE, publicKey)}\n`
    case 'server':
      return `${signerLine(SERVER_NAMESPACE, publicKey)}\n`
    case 'checkpoint':
      return ownVerifier(keys, asGiven(key)).pem
  }
}
