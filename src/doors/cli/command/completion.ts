import { inputError } from '../../../project/system/process/input-error.ts'
import { completionScripts, SHELLS } from '../../../report/completion-scripts.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args: [word = ''] }: Invocation): Promise<number> {
  const shell = SHELLS.find((one) => one === word)
  if (shell === undefined) {
    throw inputError(word, 'bad-usage', `no completion is made for ${word}`, `One of ${SHELLS.join(', ')}.`)
  }
  io.out(completionScripts[shell])
  return 0
}
