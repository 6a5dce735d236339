import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPEN } from '../cli/running.ts'
import { freePort } from '../free-ports.ts'
import { startBuilt } from '../lab/process.ts'
import { logIn, type Told } from '../lab/visitor.ts'

/** What the server answers, as JSON. */
type Answer = Readonly<Record<string, unknown>>

/** A running `eosflow serve`, and somebody who has logged in there. */
export interface DemoServer {
  /** The address of its pages. */
  readonly origin: string
  readonly process: ChildProcess
  get(path: string): Promise<Answer>
  post(path: string, body: object): Promise<Answer>
}

/** So long without a sign of life is death for the server: the term of the workers is short, so that nobody waits for the demo. */
const TERM = 'ttl: 6s, beat: 1s'

/** Starts `eosflow serve` in a project whose workers have begun, on a port of its own, and logs in with the link that its terminal shows. */
export async function startServer(dir: string): Promise<DemoServer> {
  const file = join(dir, 'eosflow.yaml')
  const settings = readFileSync(file, 'utf8').replace(/ttl: [\d.]+s, beat: [\d.]+s/, TERM)
  writeFileSync(file, `${settings}server: { listen: "127.0.0.1:${await freePort()}" }\n`)
  const { child, said } = startBuilt(dir, ['serve'])
  const [, origin = '', link = ''] = await said(OPEN)
  const visitor = await logIn(origin, link)
  return {
    origin,
    process: child,
    get: async (path) => answered(await visitor.get(path)),
    post: async (path, body) => answered(await visitor.post(path, body)),
  }
}

function answered({ status, text, json }: Told): Answer {
  if (status >= 300) throw new Error(`${status} ${text}`)
  return json
}
