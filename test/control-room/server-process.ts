import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, type Told } from '../cli/served.ts'
import { freePort } from '../free-ports.ts'

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
  const { cookie, token } = await logIn(origin, running.link)
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
  const asked = async (method: string, path: string, body?: object): Promise<Told> => {
    const own = { cookie, origin, 'sec-fetch-site': 'same-origin', 'x-eosflow-token': token }
    const headers = { ...own, 'content-type': 'application/json' }
    for (;;) {
      await alive()
      try {
        return await ask(origin, method, path, {
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN))
      }
    }
  }
  return {
    origin,
    cookie,
    get process() {
      return running.child
    },
    get starts() {
      return starts
    },
    get: (path) => asked('GET', path),
    post: (path, body) => asked('POST', path, body),
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
  const child = spawn(process.execPath, [...node, 'serve'], {
    cwd: dir,
    env: { ...process.env, CI: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  while (!/Open \S+link=[0-9a-f]{64}/.test(said)) {
    if (isOver(child)) throw new Error(`the server has ended:\n${said}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return { child, link: /link=([0-9a-f]{64})/.exec(said)?.[1] ?? '' }
}

async function logIn(origin: string, link: string): Promise<{ readonly cookie: string; readonly token: string }> {
  const headers = { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
  const entered = await ask(origin, 'POST', '/login', { headers, body: `link=${link}` })
  const cookie = /^[^;]+/.exec(entered.headers['set-cookie']?.[0] ?? '')?.[0] ?? ''
  return { cookie, token: String((await ask(origin, 'GET', '/api/v1/me', { headers: { cookie } })).json.token) }
}
