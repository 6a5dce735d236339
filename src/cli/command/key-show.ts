import { ownVerifier } from '../../app/audit/own-verifier.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import type { ProjectStore } from '../../app/project-store.ts'
import { PLAN_NAMESPACE, SERVER_NAMESPACE, signerLine } from '../../identity/ssh-allowed-signers.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { keyNamed } from '../key-name.ts'
import { sshPrint } from '../key-print.ts'

/** What others need to believe a key: a line for their `trust/allowed_signers`, or the public key of the checkpoints in PEM. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  const name = keyNamed(args[0] ?? '')
  return withApp(invocation, async ({ app, caller }) => {
    await requireAllowed(app, caller, 'audit.read')
    const { key } = app.keys.readOrMake(name)
    const shown = shownForm(app, name, key.publicKey)
    if (global.json) {
      io.out(
        `${JSON.stringify({ version: 1, key: name, fingerprint: sshPrint(key.publicKey), publicKey: key.publicKey, shown })}\n`,
      )
    } else io.out(shown)
    return 0
  })
}

function shownForm(app: ProjectStore, name: ReturnType<typeof keyNamed>, publicKey: string): string {
  switch (name) {
    case 'plan':
      return `${signerLine(PLAN_NAMESPACE, publicKey)}\n`
    case 'server':
      return `${signerLine(SERVER_NAMESPACE, publicKey)}\n`
    case 'checkpoint':
      return ownVerifier(app.keys, app.key).pem
  }
}
