import { asGiven } from '../../../model/install-keys.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { ownVerifier } from '../../../project/app/store/own-verifier.ts'
import { trailOf } from '../../../project/history/trail-of.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** The public key that checkpoints of this store are judged with. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    await requireAllowed(app, caller, 'audit.read')
    const { origin } = trailOf(app)
    const key = ownVerifier(app.keys, asGiven(app.key))
    if (global.json)
      io.out(`${JSON.stringify({ version: 1, kind: 'audit-key', origin, pem: key.pem, line: key.line })}\n`)
    else io.out(key.pem)
    return 0
  })
}
