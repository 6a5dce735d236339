import { type EndedProcess, startBuilt } from '../lab/process.ts'
import { typed } from '../lab/typed.ts'

/** Runs one command line of the built program to its end. */
export function eosflowAt(dir: string, ...argv: readonly string[]): Promise<EndedProcess> {
  return startBuilt(dir, argv).ended
}

/** Runs one command line in this process, where it costs a tenth of a process of its own. */
export async function typedAt(dir: string, ...argv: readonly string[]): Promise<EndedProcess> {
  return { ...(await typed(dir, argv)), signal: null }
}
