import { holdsTypedSecret } from '../../../eos/config/secrets/secrets.ts'
import { definedMembers } from '../../../model/json.ts'
import { keptChange } from '../../../project/authoring/small-change/kept-change.ts'
import {
  type GivenLines,
  givenLines,
  placeOfSaved,
  requireNoSecret,
  saveChange,
} from '../../../project/authoring/small-change/save-change.ts'
import { openProject } from '../../../project/files/project.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { isOpened, readGiven } from '../../../project/system/process/read-given.ts'
import { requireWritable } from '../../../project/system/process/save-text.ts'
import { beginGiven } from '../execution/begin-given.ts'
import { askModeOf } from '../execution/execution-report.ts'
import { text } from '../option/options.ts'
import { repeated } from '../outcome/repeat.ts'
import { type CommandContext, withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { planIn } from './plan.ts'

/** Makes a change of the lines that are typed, without a file: planned, shown, approved and made as `run` does. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const project = openProject(io, global)
  const target = text(options.target)
  if (target === undefined)
    throw inputError(
      '-t',
      'bad-usage',
      'it is not said for which switches the lines are',
      'Name the switches, for example -t leaf1, -t role:leaf, or -t "*" for all.',
    )
  askModeOf(invocation)
  const lines = givenLines(io, project, givenOf(invocation))
  const out = text(options.out)
  if (out !== undefined) requireWritable(io, out)
  const place = text(options.save)
  const saved = place === undefined ? undefined : placeOfSaved(project, place)
  if (saved !== undefined) requireNoSecret(saved, lines)
  const { invocation: told, note } = repeatable(invocation)
  return withApp(told, async (given) => {
    const { app, prepared } = await keptChange(given.app, { lines, target })
    const context: CommandContext = { ...given, app }
    const planned = async () => {
      if (saved === undefined) return
      await saveChange(project, saved, { lines, target }, prepared.devices.length)
      io.err(`saved: ${saved.changeFile}, with its workflow ${saved.workflow}\n`)
    }
    if (out !== undefined || options.planOnly === true)
      return planIn(context, prepared, { run: again(told), ...definedMembers({ note }), planned })
    return beginGiven(context, { prepared, planned })
  })

  function givenOf({ args: typed }: Invocation): GivenLines {
    const file = text(options.file)
    const sources = [typed.includes('-'), file !== undefined, typed.some((one) => one !== '-')]
    if (sources.filter((one) => one).length > 1)
      throw inputError(
        'LINE',
        'bad-usage',
        'the lines come from one place alone',
        'Give lines as arguments, or `-` alone, or --file FILE.',
      )
    if (file !== undefined) return { file, content: readGiven(io, file) }
    return args[0] === '-' ? { file: 'stdin', content: readGiven(io, '-') } : { content: args.join('\n') }
  }
}

function again(told: Invocation) {
  return repeated(told, { options: { planOnly: undefined, save: undefined, detailedExitcode: undefined } })
}

interface Repeatable {
  readonly invocation: Invocation
  readonly note?: string
}

function repeatable(invocation: Invocation): Repeatable {
  const { args, options } = invocation
  const file = text(options.file)
  const isPiped = file === undefined ? args[0] === '-' : isOpened(file)
  const isSecret = !isPiped && file === undefined && holdsTypedSecret(args.join('\n'))
  if (!isPiped && !isSecret) return { invocation }
  const note = `Give the next command the same lines on standard input${isSecret ? ': a secret is not repeated' : ''}.`
  return { invocation: { ...invocation, args: ['-'], options: { ...options, file: undefined } }, note }
}
