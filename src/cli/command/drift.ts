import { driftOfSwitches } from '../../app/drift/drift-of-switches.ts'
import type { Drift } from '../../report/drift/drift.ts'
import { driftAs } from '../../report/drift/formats.ts'
import { colored, plain } from '../../report/style.ts'
import { withApp } from '../compose.ts'
import { exitCodeOfThrown, gravest } from '../exit-code.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'
import { sayRepeat } from '../repeat.ts'

/** Which switches differ from the last configuration that eosflow has confirmed on them, and in what. Reads only. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const drifts = await driftOfSwitches(app, caller, text(options.target))
    if (global.json) io.out(`${driftAs.json(drifts)}\n`)
    else io.out(`${driftAs.text(drifts, io.color ? colored : plain)}\n`)
    const failed = drifts.flatMap(({ name, state }) => (state === 'unread' ? [name] : []))
    if (failed.length > 0) sayRepeat(invocation, { failed, of: drifts.length, results: drifts })
    else if (!global.json) io.out(`Next: ${next(drifts)}\n`)
    return exitCodeOf(drifts, options.detailedExitcode === true)
  })
}

/** A switch that could not be read is graver than one that differs, and where nothing was compared nothing is good. */
function exitCodeOf(drifts: readonly Drift[], detailed: boolean): number {
  if (drifts.every(({ state }) => state === 'unknown')) return 10
  const failed = gravest(drifts.map((drift) => (drift.state === 'unread' ? exitCodeOfThrown(drift.failure) : 0)))
  return failed === 0 && detailed && drifts.some(({ state }) => state === 'differs') ? 2 : failed
}

function next(drifts: readonly Drift[]): string {
  const differs = drifts.find(({ state }) => state === 'differs')
  if (differs !== undefined && 'source' in differs && differs.source.kind === 'execution') {
    return `eosflow show ${differs.source.id}`
  }
  return drifts.some(({ state }) => state === 'unknown') ? 'eosflow snapshot take' : 'eosflow executions'
}
