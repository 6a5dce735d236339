import { type PreparedCheck, prepareCheck, trySaved } from '../../../project/switches/check/try-check.ts'
import { inputError, orProblems } from '../../../project/system/process/input-error.ts'
import { documentGiven } from '../../../project/system/process/read-document.ts'
import { answersToSave } from '../../../report/check-results/answers-to-save.ts'
import { checkResultsAs } from '../../../report/check-results/formats.ts'
import { count, styleOf } from '../../../report/text/text.ts'
import { locatedNowhere } from '../../../text/source/located.ts'
import { readYamlValue } from '../../../text/source/yaml.ts'
import { texts } from '../option/options.ts'
import type { Invocation, Io } from '../terminal/io.ts'

export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const check = prepareCheck(io, args[0] ?? '', inputsOf(io, options.inputs))
  const files = texts(options.output)
  if (files.length === 0 && check.commands.length > 0) {
    const outputs = check.commands.map((_, index) => `--output ${index + 1}.json`).join(' ')
    io.out(`${answersToSave(check.commands)}\nNext: eosflow check try ${check.name} ${outputs}\n`)
    return 0
  }
  if (files.length !== check.commands.length) throw miscounted(check, files)
  const result = await trySaved(io, check, files)
  const layout = { by: 'device', hide: [] } as const
  io.out(global.json ? `${checkResultsAs.json([result])}\n` : `${checkResultsAs.text([result], layout, styleOf(io))}\n`)
  return result.status === 'success' || result.status === 'skipped' ? 0 : 6
}

function inputsOf(io: Io, given: unknown) {
  if (typeof given !== 'string') return locatedNowhere({}, '--inputs')
  return /^\s*\{/.test(given) ? orProblems(readYamlValue(given, '--inputs')) : documentGiven(io, given)
}

function miscounted({ name, commands }: PreparedCheck, files: readonly string[]) {
  return inputError(
    '--output',
    'bad-flag',
    `${name} asks ${count(commands.length, 'command')}, and ${count(files.length, 'answer')} are given`,
    commands.map(({ cmd }) => cmd).join(', '),
  )
}
