import { freezesInForce } from '../app/freeze/in-force.ts'
import { freezeLine } from '../report/freeze.ts'
import type { CommandContext } from './compose.ts'

/** Says which freezes are in force, a line for each, beside what a command prints. */
export async function sayFrozen({ app, invocation }: CommandContext): Promise<void> {
  for (const freeze of await freezesInForce(app)) invocation.io.err(`! ${freezeLine(freeze)}\n`)
}
