import { deployingWorkflow, type IntendedFrom } from '../../../features/comply/intended-changes.ts'
import { knownSwitches } from '../../../features/comply/known-switches.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { requireWritable } from '../../../project/system/process/save-text.ts'
import type { SwitchCompliance } from '../../../report/comply/comply.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { text } from '../option/options.ts'
import { exitCodeOfCompared, showCompliance } from '../outcome/compared-exit.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Commits nothing; exit code 10 where a switch cannot be compared. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const [target, folder, csv, junit] = ['target', 'files', 'csv', 'junit'].map((name) => text(options[name]))
  const [workflow] = args
  if (workflow !== undefined && folder !== undefined) {
    throw inputError(
      '-f',
      'bad-flag',
      'what is intended is said twice',
      'Name the workflow, or the folder of the whole configurations.',
    )
  }
  for (const file of [csv, junit]) if (file !== undefined) requireWritable(io, file)
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const { offline } = options
    const known = offline === undefined ? undefined : await knownSwitches(app, text(offline))
    const inProject = (path: string | undefined) => (path === undefined ? undefined : app.project.pathOf(path))
    const from = { workflow: inProject(workflow), folder: inProject(folder) }
    const switches = await showCompliance(context, { ...from, target, known })
    const isDocument = global.json || options.markdown === true
    const isWhole = switches.every(({ state }) => state !== 'unread')
    const next =
      isWhole && !isDocument ? nextStep(switches, from, (dir) => deployingWorkflow(app, caller, dir)) : undefined
    if (next !== undefined) io.out(`Next: ${next}\n`)
    return exitCodeOfCompared(switches, options.detailedExitcode === true)
  })
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
