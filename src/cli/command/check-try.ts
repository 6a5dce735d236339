import { resultOf } from '../../app/check/check-result.ts'
import { requireCheck } from '../../app/check/require-check.ts'
import { InputError, orProblems } from '../../app/input-error.ts'
import { documentGiven } from '../../app/read-document.ts'
import { readGiven } from '../../app/read-given.ts'
import type { Check } from '../../check/define.ts'
import { knownChecks } from '../../check/known-checks.ts'
import { entryOf } from '../../check/read-catalog.ts'
import { commandsOf, judgeAll } from '../../check/run.ts'
import type { Reply } from '../../device/device.ts'
import type { Command } from '../../model/command.ts'
import { EosflowError } from '../../model/error.ts'
import { isJsonObject } from '../../model/json.ts'
import { problemOf } from '../../model/problem.ts'
import { checkResultsAs } from '../../report/check-results/formats.ts'
import { count } from '../../report/count.ts'
import { colored, plain } from '../../report/style.ts'
import { type Located, locatedNowhere, placeOf } from '../../source/located.ts'
import { readYamlValue } from '../../source/yaml.ts'
import type { Invocation, Io } from '../io.ts'

/** Judges saved answers by one check; without any, tells which to save. Needs no project and contacts nothing. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const check = requireCheck(args[0] ?? '', knownChecks)
  const inputs = inputsOf(io, options.inputs)
  const entry = orProblems(entryOf(check, inputs, placeOf(inputs)))
  const { spec } = entry
  const commands = commandsOf([spec])
  const files = Array.isArray(options.output) ? options.output.map(String) : []
  if (files.length === 0 && commands.length > 0) {
    io.out(`${wanted(check, commands)}\n`)
    return 0
  }
  if (files.length !== commands.length) throw miscounted(check, commands, files)
  const replies = commands.map((command, index) => savedAnswer(io, command, files[index] ?? ''))
  const now = Date.now() / 1000
  const judgements = await judgeAll([spec], replies, { device: 'saved answers', now, baseline: {} })
  const [result] = judgements.map(({ verdict }) => resultOf('saved answers', entry, verdict))
  if (result === undefined) throw new EosflowError('bug', 'nothing was judged')
  const layout = { by: 'device', hide: [] } as const
  if (global.json) io.out(`${checkResultsAs.json([result])}\n`)
  else io.out(`${checkResultsAs.text([result], layout, io.color ? colored : plain)}\n`)
  return result.status === 'success' || result.status === 'skipped' ? 0 : 6
}

function inputsOf(io: Io, given: unknown): Located {
  if (typeof given !== 'string') return locatedNowhere({}, '--inputs')
  return /^\s*\{/.test(given) ? orProblems(readYamlValue(given, '--inputs')) : documentGiven(io, given)
}

/** JSON as eAPI gives it, with or without the envelope of a request of one command; text as it was printed. */
function savedAnswer(io: Io, { cmd, format }: Command, file: string): Reply {
  if (format === 'text') return { ok: true, json: new TextDecoder().decode(readGiven(io, file)) }
  const { value } = documentGiven(io, file)
  const result =
    isJsonObject(value) && Array.isArray(value.result) && value.result.length === 1 ? value.result[0] : value
  return result === undefined || result === null
    ? { ok: false, error: `\`${cmd}\` was not answered` }
    : { ok: true, json: result }
}

function wanted({ name }: Check, commands: readonly Command[]): string {
  const lines = commands.map(({ cmd, format }) => `  ${format === 'text' ? cmd : `${cmd} | json`}`)
  const outputs = commands.map((_, index) => `--output ${index + 1}.json`).join(' ')
  return ['Save what the switch answers, each in a file:', ...lines, `Next: eosflow check try ${name} ${outputs}`].join(
    '\n',
  )
}

function miscounted({ name }: Check, commands: readonly Command[], files: readonly string[]): InputError {
  return new InputError([
    problemOf(
      '--output',
      'bad-flag',
      `${name} asks ${count(commands.length, 'command')}, and ${count(files.length, 'answer')} are given`,
      commands.map(({ cmd }) => cmd).join(', '),
    ),
  ])
}
