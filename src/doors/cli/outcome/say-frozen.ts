import { freezesInForce } from '../../../project/access/policy/freeze-in-force.ts'
import { freezeLine } from '../../../report/phrases/freeze.ts'
import type { CommandContext } from '../terminal/compose.ts'

export async function sayFrozen({ app, invocation }: CommandContext): Promise<void> {
  for (const freeze of await freezesInForce(app)) invocation.io.err(`! ${freezeLine(freeze)}\n`)
}
