import { comply } from '../../../features/comply/comply.ts'
import { againstFiles } from '../../../features/comply/intended-changes.ts'
import { openProject } from '../../../project/files/project.ts'
import { driftOfSwitches, withStoreAside } from '../../../project/switches/drift/drift-of-switches.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { requireWritable, saveLate } from '../../../project/system/process/save-text.ts'
import { complyAs } from '../../../report/comply/formats.ts'
import type { Drift } from '../../../report/drift/drift.ts'
import { driftAs } from '../../../report/drift/formats.ts'
import { styleOf } from '../../../report/text/visible.ts'
import { text } from '../option/options.ts'
import { exitCodeOfCompared } from '../outcome/compared-exit.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  if (typeof options.against === 'string') return driftAgainst(invocation, options.against)
  requireAgainst(options)
  return withApp(invocation, async ({ app, caller }) => {
    const drifts = await driftOfSwitches(app, caller, text(options.target))
    io.out(global.json ? `${driftAs.json(drifts)}\n` : `${driftAs.text(drifts, styleOf(io))}\n`)
    const failed = drifts.flatMap(({ name, state }) => (state === 'unread' ? [name] : []))
    if (failed.length > 0) sayRepeat(invocation, { failed, results: drifts })
    else if (!global.json) io.out(`Next: ${next(drifts)}\n`)
    return exitCodeOfCompared(drifts, options.detailedExitcode === true)
  })
}

// Throws InputError for a form that only a comparison with files has.
function requireAgainst({ junit, markdown }: Invocation['options']) {
  const flag = junit !== undefined ? '--junit' : markdown !== undefined ? '--markdown' : undefined
  if (flag === undefined) return
  const hint = 'Name the files with --against, or ask for --json.'
  throw inputError(flag, 'bad-usage', `${flag} is of a comparison with files`, hint)
}

function next(drifts: readonly Drift[]) {
  const differs = drifts.find(({ state }) => state === 'differs')
  if (differs !== undefined && 'source' in differs && differs.source.kind === 'execution') {
    return `eosflow show ${differs.source.id}`
  }
  return drifts.some(({ state }) => state === 'unknown') ? 'eosflow snapshot take' : 'eosflow executions'
}

const AGAIN = 'Nothing was changed. Name another file, and compare again.'

async function driftAgainst(invocation: Invocation, word: string): Promise<number> {
  const { io, options, global } = invocation
  const junit = text(options.junit)
  if (junit !== undefined) requireWritable(io, junit)
  const project = openProject(io, global)
  const against = await againstFiles(io, project, { word, at: `--against ${word}` })
  return withStoreAside(project, (store) =>
    withApp(
      store === undefined ? invocation : { ...invocation, global: { ...global, store } },
      async ({ app, caller }) => {
        const found = await comply(app, caller, { against, target: text(options.target) }, (done, all) =>
          io.live?.(`${done} of ${all} switches compared`),
        )
        io.live?.(undefined)
        if (junit !== undefined) saveLate(io, junit, complyAs.junit(found), AGAIN)
        const isDocument = global.json || options.markdown === true
        if (global.json) io.out(`${complyAs.json(found)}\n`)
        else if (options.markdown === true) io.out(complyAs.markdown(found))
        else io.out(`${complyAs.text(found, styleOf(io))}\n`)
        const failed = found.switches.flatMap(({ name, state }) => (state === 'unread' ? [name] : []))
        sayRepeat(invocation, { failed, results: found.switches, isDocument })
        return exitCodeOfCompared(found.switches, options.detailedExitcode === true)
      },
    ),
  )
}
