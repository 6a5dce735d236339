import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Ended } from '../e2e/harness.ts'
import { BUILT } from '../lab/checkout.ts'
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
  const child = spawn(process.execPath, [BUILT, ...line.split(' ')], {
    cwd: lab.dir,
    env: { ...process.env, CI: '1', ...lab.env, NODE_OPTIONS: nodeOptions },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  let struck = strike === undefined
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
    if (struck || strike === undefined || !strike.when.test(said.err)) return
    struck = true
    child.kill(strike.signal)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  if (!struck) throw new Error(`${line} never said ${strike?.when}:\n${said.err}`)
  return lab.heard(line, { code: signal === null ? (code ?? -1) : -1, ...said })
}
