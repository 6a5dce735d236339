import { againstFiles } from '../../../features/comply/intended-changes.ts'
import { openProject } from '../../../project/files/project.ts'
import { driftOfSwitches, withStoreAside } from '../../../project/switches/drift/drift-of-switches.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { requireWritable } from '../../../project/system/process/save-text.ts'
import type { Drift } from '../../../report/drift/drift.ts'
import { driftAs } from '../../../report/drift/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { exitCodeOfCompared, showCompliance } from '../outcome/compared-exit.ts'
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
  throw inputError(
    flag,
    'bad-usage',
    `${flag} is of a comparison with files`,
    'Name the files with --against, or ask for --json.',
  )
}

function next(drifts: readonly Drift[]) {
  const differs = drifts.find(({ state }) => state === 'differs')
  if (differs !== undefined && 'source' in differs && differs.source.kind === 'execution') {
    return `eosflow show ${differs.source.id}`
  }
  return drifts.some(({ state }) => state === 'unknown') ? 'eosflow snapshot take' : 'eosflow executions'
}

async function driftAgainst(invocation: Invocation, word: string) {
  const { io, options, global } = invocation
  const junit = text(options.junit)
  if (junit !== undefined) requireWritable(io, junit)
  const project = openProject(io, global)
  const against = await againstFiles(io, project, { word, at: `--against ${word}` })
  return withStoreAside(project, (store) =>
    withApp(store === undefined ? invocation : { ...invocation, global: { ...global, store } }, async (context) => {
      const switches = await showCompliance({ ...context, invocation }, { against, target: text(options.target) })
      return exitCodeOfCompared(switches, options.detailedExitcode === true)
    }),
  )
}
