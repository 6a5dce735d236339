import { completionScripts, SHELLS } from '../../../report/completion-scripts.ts'
import { oneOf } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args: [word = ''] }: Invocation): Promise<number> {
  const shell = oneOf(
    SHELLS,
    word,
    word,
    'bad-usage',
    `no completion is made for ${word}`,
    `One of ${SHELLS.join(', ')}.`,
  )
  io.out(completionScripts[shell])
  return 0
}
