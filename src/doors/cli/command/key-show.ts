import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { sshPrint } from '../../../project/identity/signers/common-server-key.ts'
import { keyNamed, publicForm } from '../../../project/record/keys/list-keys.ts'
import { judgedCommand } from '../terminal/compose.ts'

/** What others need to believe a key: a line for their `trust/allowed_signers`, or the public key of the checkpoints in PEM. */
export const run = judgedCommand(
  ({ args: [word = ''] }) => keyNamed(word),
  async ({ app, caller, io, global }, name) => {
    await requireAllowed(app, caller, 'audit.read')
    const { key } = app.keys.readOrMake(name)
    const shown = publicForm(app, name, key.publicKey)
    io.out(
      global.json
        ? `${JSON.stringify({ version: 1, key: name, fingerprint: sshPrint(key.publicKey), publicKey: key.publicKey, shown })}\n`
        : shown,
    )
    return 0
  },
)
