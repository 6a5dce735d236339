import { requireAllowed } from '../../app/policy/authority.ts'
import { SERVER_NAMESPACE, signerLine } from '../../identity/ssh-allowed-signers.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

/** Prints the line of `trust/allowed_signers` by which another machine believes what this installation vouches for. */
export async function run(invocation: Invocation): Promise<number> {
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    await requireAllowed(app, caller, 'audit.read')
    invocation.io.out(`${signerLine(SERVER_NAMESPACE, app.keys.readOrMake('server').key.publicKey)}\n`)
    return 0
  })
}
