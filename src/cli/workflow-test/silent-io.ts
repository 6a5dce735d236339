import type { Io } from '../io.ts'
import { silentConsole } from './silent-console.ts'

/** A terminal at which nobody sits: what is printed goes nowhere, and nothing can be asked. */
export function silentIo(cwd: string, rest: Partial<Pick<Io, 'stop' | 'seams'>> = {}): Io {
  return { ...silentConsole(cwd), out: () => undefined, err: () => undefined, color: false, ...rest }
}
