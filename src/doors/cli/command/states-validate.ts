import { rawAsl } from '../../../change/workflow/asl/part.ts'
import { readMachine } from '../../../change/workflow/asl/read-machine.ts'
import { notRunnable, validateLocated } from '../../../change/workflow/asl/validate-state-machine.ts'
import { statesIn } from '../../../change/workflow/machine/machine.ts'
import { orProblems, problemText } from '../../../project/system/process/input-error.ts'
import { documentGiven } from '../../../project/system/process/read-document.ts'
import { validMachineText } from '../../../report/machine-run/valid.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { styleOf } from '../../../report/text/text.ts'
import { machineType } from '../option/machine-type.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const [file = ''] = args
  const type = machineType(options.type)
  const definition = documentGiven(io, file)
  const refused = notRunnable(definition, true)
  if (global.json) {
    const verdict = validateLocated(definition, type)
    io.out(`${JSON.stringify({ version: 1, kind: 'states-validation', ...verdict, notRunnable: refused })}\n`)
    return verdict.valid ? 0 : 3
  }
  const states = statesIn(orProblems(readMachine(definition, rawAsl(type))))
  const tasks = states.filter(({ state }) => state.kind === 'Task').length
  const shown = { file, states: states.length, tasks, notRun: refused.map(problemText) }
  const mocks = tasks === 0 ? '' : ' --mock mocks.json'
  io.out(`${validMachineText(shown, styleOf(io))}\n`)
  io.out(`Next: eosflow states run ${shellWord(file)} --input input.json${mocks}\n`)
  return 0
}
