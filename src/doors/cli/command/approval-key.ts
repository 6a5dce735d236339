import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { SERVER_NAMESPACE, signerLine } from '../../../project/identity/ssh/ssh-allowed-signers.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Prints the line of `trust/allowed_signers` by which another machine believes what this installation vouches for. */
export async function run(invocation: Invocation): Promise<number> {
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    await requireAllowed(app, caller, 'audit.read')
    invocation.io.out(`${signerLine(SERVER_NAMESPACE, app.keys.readOrMake('server').key.publicKey)}\n`)
    return 0
  })
}
