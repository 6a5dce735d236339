import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { OPEN } from '../cli/served.ts'
import { freePort } from '../free-ports.ts'
import { startProcess } from '../lab/process.ts'
import { logIn, type Told } from '../lab/visitor.ts'

/** A server in a process of its own, with somebody who has logged in there once. */
export interface ServerProcess {
  readonly origin: string
  /** The process of the server: another one after it has ended and was asked again. */
  readonly process: ChildProcess
  /** How often a server was started. */
  readonly starts: number
  /** What the browser of the person sends with each request. */
  readonly cookie: string
  /** Asks until there is an answer: a server that has ended is started again, as systemd would. */
  get(path: string): Promise<Told>
  post(path: string, body: object): Promise<Told>
  kill(): Promise<void>
}

/** How long whoever is not answered waits before asking again, in milliseconds. */
const AGAIN = 50

/** Starts the server of a project, which its settings then name. `node`: what Node is started with, the command last. */
export function startServerProcess(dir: string, ...node: readonly string[]): Promise<ServerProcess> {
  return startServerWith(dir, '', ...node)
}

/** As {@link startServerProcess}, with further settings. */
export async function startServerWith(
  dir: string,
  settings: string,
  ...node: readonly string[]
): Promise<ServerProcess> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  writeFileSync(join(dir, 'eosflow.yaml'), `version: 1\nserver: { listen: "127.0.0.1:${port}" }\n${settings}`)
  let starts = 1
  let running = await begin(dir, node)
  const visitor = await logIn(origin, running.link)
  let starting: Promise<void> | undefined
  const alive = async (): Promise<void> => {
    if (!isOver(running.child)) return
    starting ??= begin(dir, node).then((next) => {
      starts += 1
      running = next
      starting = undefined
    })
    await starting
  }
  const asked = async (ask: () => Promise<Told>): Promise<Told> => {
    for (;;) {
      await alive()
      try {
        return await ask()
      } catch {
        await pause(AGAIN)
      }
    }
  }
  return {
    origin,
    cookie: visitor.cookie,
    get process() {
      return running.child
    },
    get starts() {
      return starts
    },
    get: (path) => asked(() => visitor.get(path)),
    post: (path, body) => asked(() => visitor.post(path, body)),
    kill: async () => {
      const { child } = running
      if (isOver(child)) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

/** Starts the process, and waits for the link that its terminal shows when it listens. */
async function begin(dir: string, node: readonly string[]) {
  const { child, said } = startProcess(dir, [process.execPath, ...node, 'serve'], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const [, , link = ''] = await said(OPEN)
  return { child, link }
}
