import type { Io } from '../io.ts'
import { bareHost, silentConsole } from './silent-console.ts'

/** A terminal at which nobody sits: what is printed goes nowhere, and nothing can be asked. */
export function silentIo(cwd: string, { stop, seams }: Partial<Pick<Io, 'stop' | 'seams'>> = {}): Io {
  return { ...bareHost(cwd, seams), ...silentConsole(stop), out: () => undefined, err: () => undefined, color: false }
}
