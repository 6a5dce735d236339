import { comply } from '../../../features/comply/comply.ts'
import { deployingWorkflow, type IntendedFrom } from '../../../features/comply/intended-changes.ts'
import { knownSwitches } from '../../../features/comply/known-switches.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { requireWritable, saveLate } from '../../../project/system/process/save-text.ts'
import type { SwitchCompliance } from '../../../report/comply/comply.ts'
import { complyAs } from '../../../report/comply/formats.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { styleOf } from '../../../report/text/visible.ts'
import { text } from '../option/options.ts'
import { exitCodeOfCompared } from '../outcome/compared-exit.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

const AGAIN = 'Nothing was changed. Name another file, and compare again.'

/** Commits nothing; exit code 10 where a switch cannot be compared. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const [target, folder, csv, junit] = ['target', 'files', 'csv', 'junit'].map((name) => text(options[name]))
  const [workflow] = args
  if (workflow !== undefined && folder !== undefined) {
    const hint = 'Name the workflow, or the folder of the whole configurations.'
    throw inputError('-f', 'bad-flag', 'what is intended is said twice', hint)
  }
  for (const file of [csv, junit]) if (file !== undefined) requireWritable(io, file)
  return withApp(invocation, async ({ app, caller }) => {
    const { offline } = options
    const known = offline === undefined ? undefined : await knownSwitches(app, text(offline))
    const inProject = (path: string | undefined) => (path === undefined ? undefined : app.project.pathOf(path))
    const from = { workflow: inProject(workflow), folder: inProject(folder) }
    const found = await comply(app, caller, { ...from, target, known }, (done, all) =>
      io.live?.(`${done} of ${all} switches compared`),
    )
    io.live?.(undefined)
    if (csv !== undefined) saveLate(io, csv, complyAs.csv(found), AGAIN)
    if (junit !== undefined) saveLate(io, junit, complyAs.junit(found), AGAIN)
    if (global.json) io.out(`${complyAs.json(found)}\n`)
    else if (options.markdown === true) io.out(complyAs.markdown(found))
    else io.out(`${complyAs.text(found, styleOf(io))}\n`)
    sayNext(invocation, found.switches, from, (dir) => deployingWorkflow(app, caller, dir))
    return exitCodeOfCompared(found.switches, options.detailedExitcode === true)
  })
}

function sayNext(
  invocation: Invocation,
  switches: readonly SwitchCompliance[],
  from: IntendedFrom,
  deploying: (folder: string) => string | undefined,
) {
  const isDocument = invocation.global.json || invocation.options.markdown === true
  const failed = switches.flatMap(({ name, state }) => (state === 'unread' ? [name] : []))
  sayRepeat(invocation, { failed, results: switches, isDocument })
  const next = failed.length > 0 || isDocument ? undefined : nextStep(switches, from, deploying)
  if (next !== undefined) invocation.io.out(`Next: ${next}\n`)
}

function nextStep(
  switches: readonly SwitchCompliance[],
  { workflow, folder }: IntendedFrom,
  deploying: (folder: string) => string | undefined,
) {
  const differ = switches.flatMap(({ name, state }) => (state === 'differs' ? [name] : []))
  if (differ.length === 0) return undefined
  const names = differ.join(',')
  if (workflow === undefined && folder === undefined)
    return `plan a change that makes ${names} so: what was confirmed last is in no file of the project`
  const file = workflow ?? deploying(folder ?? '')
  if (file !== undefined) return `eosflow plan ${shellWord(file)} -t ${names}`
  return `plan a workflow with \`change: { mode: replace, file: '${folder}/{{ device.name }}.cfg' }\` for ${names}`
}
