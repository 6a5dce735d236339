import { startBuilt } from '../lab/process.ts'
import type { Ended } from '../lab/sockets.ts'
import type { Lab } from './lab.ts'

/** What is done to a running process as soon as its stderr matches. */
export interface Strike {
  readonly when: RegExp
  readonly signal: NodeJS.Signals
}

/** Runs the built command in a lab, in a process of its own. */
export async function shipped(
  lab: Lab,
  line: string,
  { strike, nodeOptions = '' }: { readonly strike?: Strike; readonly nodeOptions?: string } = {},
): Promise<Ended> {
  const { child, text, ended } = startBuilt(lab.dir, line.split(' '), { ...lab.env, NODE_OPTIONS: nodeOptions })
  let struck = strike === undefined
  child.stderr?.on('data', () => {
    if (struck || strike === undefined || !strike.when.test(text.err)) return
    struck = true
    child.kill(strike.signal)
  })
  const { code, signal, out, err } = await ended
  if (!struck) throw new Error(`${line} never said ${strike?.when}:\n${err}`)
  return lab.heard(line, { code: signal === null ? (code ?? -1) : -1, out, err })
}
