import { findProject } from '../../../project/files/project.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { osUser, rootWarning } from '../../../project/identity/local/local.ts'
import { identityLines } from '../../../report/phrases/identity-words.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, global }: Invocation): Promise<number> {
  const project = findProject(io, global)
  const { principal, expires } = await callerOf(project, io)
  if (global.json) {
    const until = expires === undefined ? {} : { expires: new Date(expires).toISOString() }
    io.out(`${JSON.stringify({ version: 1, identity: principal, ...until })}\n`)
    return 0
  }
  const warning = principal.auth === 'os' ? rootWarning(osUser()) : undefined
  if (warning !== undefined) io.err(`! ${warning}\n`)
  io.out(`${identityLines(principal, expires).join('\n')}\n`)
  io.out(`1 identity\nNext: eosflow ${project === undefined ? 'init' : 'executions'}\n`)
  return 0
}
