import { bareHost, silentConsole } from '../../../lab/trial/silent-console.ts'
import { hintWords } from '../../../report/hint-words.ts'
import type { Io } from '../terminal/io.ts'

/** A terminal at which nobody sits: what is printed goes nowhere, and nothing can be asked. */
export function silentIo(cwd: string, { stop, ...host }: Partial<Pick<Io, 'stop' | 'seams'>> = {}): Io {
  return {
    ...bareHost(cwd, { words: hintWords, ...host }),
    ...silentConsole(stop),
    out: () => undefined,
    err: () => undefined,
    color: false,
  }
}
