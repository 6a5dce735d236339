import { resolve } from 'node:path'
import { restore } from '../../../features/backup/restore.ts'
import type { AskMode } from '../../../project/approval/approvals.ts'
import { carryOut } from '../../../project/execution/resume/carry-out.ts'
import { readGiven } from '../../../project/system/process/read-given.ts'
import { wholeDigest } from '../../../project/system/process/whole-digest.ts'
import { report } from '../execution/execution-report.ts'
import { text } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options } = invocation
  const digest = wholeDigest('--approve', options.approve)
  const identity = text(options.identity)
  const ask: AskMode = {
    ...(digest === undefined ? {} : { digest, comment: '--approve' }),
    detach: options.detach === true,
  }
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const state = await restore(app, caller, {
      folder: resolve(io.cwd, args[0] ?? ''),
      target: text(options.target),
      identities: identity === undefined ? undefined : Buffer.from(readGiven(io, identity)).toString('utf8'),
      noWait: options.wait === false,
    })
    return report(context, state.id, () => carryOut(app, caller, state, ask))
  })
}
