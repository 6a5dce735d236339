import { problemOf } from '../../../model/problem.ts'
import { driftOfSwitches } from '../../../project/switches/drift/drift-of-switches.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import type { Drift } from '../../../report/drift/drift.ts'
import { driftAs } from '../../../report/drift/formats.ts'
import { colored, plain } from '../../../report/text/style.ts'
import { text } from '../option/options.ts'
import { exitCodeOfCompared } from '../outcome/compared-exit.ts'
import { driftAgainst } from '../outcome/drift-against.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  if (typeof options.against === 'string') return driftAgainst(invocation, options.against)
  requireAgainst(options)
  return withApp(invocation, async ({ app, caller }) => {
    const drifts = await driftOfSwitches(app, caller, text(options.target))
    if (global.json) io.out(`${driftAs.json(drifts)}\n`)
    else io.out(`${driftAs.text(drifts, io.color ? colored : plain)}\n`)
    const failed = drifts.flatMap(({ name, state }) => (state === 'unread' ? [name] : []))
    if (failed.length > 0) sayRepeat(invocation, { failed, of: drifts.length, results: drifts })
    else if (!global.json) io.out(`Next: ${next(drifts)}\n`)
    return exitCodeOfCompared(drifts, options.detailedExitcode === true)
  })
}

// Throws InputError for a form that only a comparison with files has.
function requireAgainst({ junit, markdown }: Invocation['options']) {
  const flag = junit !== undefined ? '--junit' : markdown !== undefined ? '--markdown' : undefined
  if (flag === undefined) return
  const hint = 'Name the files with --against, or ask for --json.'
  throw new InputError([problemOf(flag, 'bad-usage', `${flag} is of a comparison with files`, hint)])
}

function next(drifts: readonly Drift[]) {
  const differs = drifts.find(({ state }) => state === 'differs')
  if (differs !== undefined && 'source' in differs && differs.source.kind === 'execution') {
    return `eosflow show ${differs.source.id}`
  }
  return drifts.some(({ state }) => state === 'unknown') ? 'eosflow snapshot take' : 'eosflow executions'
}
