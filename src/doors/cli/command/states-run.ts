import {
  readMocks,
  readRunnable,
  runMachine,
  type StateMachineResult,
  unusedMocks,
} from '../../../lab/state-machine/run-state-machine.ts'
import { definedMembers } from '../../../model/json.ts'
import { orProblems } from '../../../project/system/process/input-error.ts'
import { documentGiven } from '../../../project/system/process/read-document.ts'
import { runText } from '../../../report/machine-run/text.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { machineType } from '../option/machine-type.ts'
import type { Invocation } from '../terminal/io.ts'

const EXIT: Readonly<Record<StateMachineResult['status'], number>> = {
  SUCCEEDED: 0,
  FAILED: 6,
  TIMED_OUT: 6,
  ABORTED: 12,
}

export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const [file = ''] = args
  const type = machineType(options.type)
  const definition = documentGiven(io, file)
  const mocks = options.mock === undefined ? undefined : orProblems(readMocks(documentGiven(io, String(options.mock))))
  const input = options.input === undefined ? {} : documentGiven(io, String(options.input)).value
  const machine = orProblems(readRunnable(definition, mocks !== undefined, type))
  for (const warning of unusedMocks(machine, mocks ?? {})) io.err(`! ${warning}\n`)
  const result = await runMachine(machine, { input, type, ...definedMembers({ mocks }) })
  io.out(global.json ? `${JSON.stringify(result)}\n` : `${runText(result)}Next: ${nextLine(file, options)}\n`)
  return EXIT[result.status]
}

function nextLine(file: string, { input, mock }: Invocation['options']) {
  const flags = [
    ...(input === undefined ? [] : ['--input', shellWord(String(input))]),
    ...(mock === undefined ? [] : ['--mock', shellWord(String(mock))]),
  ]
  return ['eosflow states run', shellWord(file), ...flags, '--json'].join(' ')
}
