import { bareHost, silentConsole } from '../../../lab/trial/trial-app.ts'
import { hintWords } from '../../../report/hint-words.ts'
import type { Io } from '../terminal/io.ts'

export function silentIo(cwd: string, { stop, ...host }: Partial<Pick<Io, 'stop' | 'seams' | 'features'>> = {}): Io {
  return {
    ...bareHost(cwd, { words: hintWords, ...host }),
    ...silentConsole(stop),
    out: () => undefined,
    err: () => undefined,
    color: false,
  }
}
