import { askSwitches } from '../../../features/facts/ask-switches.ts'
import { chosenDevices } from '../../../project/switches/inventory/tell-warnings.ts'
import { requireOwnFiles } from '../../../project/system/process/file-names.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { requireWritable, saveFolder, saveLate } from '../../../project/system/process/save-text.ts'
import {
  type AskedSwitch,
  answerFiles,
  answersAs,
  answersTable,
  asItIs,
  withoutTimes,
} from '../../../report/answers/answers.ts'
import { styleOf } from '../../../report/text/text.ts'
import { questionOf } from '../option/given-question.ts'
import { oneOf, text } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

const AGAIN = 'Nothing was changed. Name another place, and ask again.'

/** Exit code 10 when a switch does not answer or refuses a command; the answers of the others are shown. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const { query, table, csv, save, by, target } = Object.fromEntries(
    ['query', 'table', 'csv', 'save', 'by', 'target'].map((name) => [name, text(options[name])]),
  )
  const compared = options.exact === true ? asItIs : withoutTimes
  const layout = { by: layoutNamed(by), diff: options.diff === true, compared }
  const models = global.json && options.text !== true
  const question = await questionOf({ commands: args, query, table, models })
  if (csv !== undefined && question.wanted === undefined) {
    throw inputError(
      '--csv',
      'bad-flag',
      'it has no columns without --table or --query',
      "Say which: --table 'modelName,version'.",
    )
  }
  if (csv !== undefined) requireWritable(io, csv)
  return withApp(invocation, async ({ app, caller }) => {
    const columns = question.wanted?.kind === 'table' ? question.wanted.columns.map((one) => one.text) : undefined
    if (save !== undefined) requireOwnFiles(chosenDevices(app.project.inventory(), target).map(({ name }) => name))
    const asked = await askSwitches(app, caller, { question, target }, (done, all) => {
      io.live?.(`${done} of ${all} switches asked`)
    })
    io.live?.(undefined)
    if (csv !== undefined) saveLate(io, csv, answersAs.csv(asked, columns), AGAIN)
    if (save !== undefined) saveFolder(io, save, answerFiles(asked), AGAIN)
    const style = styleOf(io)
    if (global.json) io.out(`${answersAs.json(args, asked)}\n`)
    else if (columns === undefined) io.out(`${answersAs.text(asked, layout, style)}\n`)
    else io.out(`${answersTable(asked, columns, style)}\n`)
    const failed = asked.filter((one) => 'failure' in one).map(({ name }) => name)
    sayRepeat(invocation, { failed, results: asked })
    return gravest(asked.map(exitCodeOf))
  })
}

function exitCodeOf(asked: AskedSwitch) {
  if ('failure' in asked) return exitCodeOfThrown(asked.failure)
  const missing =
    asked.answers.some((answer) => 'refused' in answer) || asked.wanted?.some((one) => 'fault' in one) === true
  return missing ? 10 : 0
}

const layoutNamed = (by = 'answer') =>
  oneOf(
    ['answer', 'switch'],
    by,
    '--by',
    'bad-flag',
    `\`${by}\` is neither answer nor switch`,
    'Write --by answer or --by switch.',
  )
