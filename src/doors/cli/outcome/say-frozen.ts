import { freezesInForce } from '../../../project/access/policy/freeze-in-force.ts'
import { freezeLine } from '../../../report/phrases/freeze.ts'
import type { CommandContext } from '../terminal/compose.ts'

/** Says which freezes are in force, a line for each, beside what a command prints. */
export async function sayFrozen({ app, invocation }: CommandContext): Promise<void> {
  for (const freeze of await freezesInForce(app)) invocation.io.err(`! ${freezeLine(freeze)}\n`)
}
