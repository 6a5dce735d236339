import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { SERVER_NAMESPACE, signerLine } from '../../../project/identity/ssh/ssh-allowed-signers.ts'
import { appCommand } from '../terminal/compose.ts'

/** Prints the line of `trust/allowed_signers` by which another machine believes what this installation vouches for. */
export const run = appCommand(async ({ app, caller, invocation }) => {
  await requireAllowed(app, caller, 'audit.read')
  invocation.io.out(`${signerLine(SERVER_NAMESPACE, app.keys.readOrMake('server').key.publicKey)}\n`)
  return 0
})
