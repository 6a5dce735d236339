import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type ClientRequest, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type RunningFabric, startFabric } from '../../src/lab/trial/start-fabric.ts'
import { OPEN } from '../doors/cli/running.ts'
import { leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { freePort } from '../free-ports.ts'
import { inventoryOf, startProcess, writeFiles } from '../lab/lab.ts'
import { logIn, type Told } from '../lab/visitor.ts'

/** What is asked of the server: VLAN 120 on both leaves. */
export const CHANGE = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 } }

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
  const alive = async () => {
    if (!isOver(running.child)) return
    starting ??= begin(dir, node).then((next) => {
      starts += 1
      running = next
      starting = undefined
    })
    await starting
  }
  const asked = async (ask: () => Promise<Told>) => {
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

const isOver = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

/** Starts the process, and waits for the link that its terminal shows when it listens. */
async function begin(dir: string, node: readonly string[]) {
  const { child, said } = startProcess(dir, [process.execPath, ...node, 'serve'], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const [, , link = ''] = await said(OPEN)
  return { child, link }
}

/** A server over two simulated leaves of this process. */
export interface OwnServer {
  readonly dir: string
  readonly fabric: RunningFabric
  readonly server: ServerProcess
  close(): Promise<void>
}

/** Starts the server whose command is `file`, the built one or one around it, in a project of its own. */
export async function startOwnServer(file: string): Promise<OwnServer> {
  const fabric = await startFabric(leaves(2))
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-own-'))
  writeFiles(dir, { 'inventory.yaml': inventoryOf(fabric, () => ({ role: 'leaf' })), ...PROJECT_FILES.files })
  const server = await startServerProcess(dir, file)
  return {
    dir,
    fabric,
    server,
    close: async () => {
      await server.kill()
      await fabric.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** One event of a stream, and when it came, in milliseconds since the epoch. */
export interface StreamEvent {
  readonly event: string
  readonly data: Record<string, unknown>
  readonly came: number
}

/** A stream that stays open as a browser keeps it: when it is lost, it comes back behind the last id that it has. */
export interface OpenStream {
  readonly events: readonly StreamEvent[]
  /** How often it was connected. */
  readonly connections: number
  /** Why the server does not take it, if that was ever so. */
  readonly refused: readonly number[]
  close(): void
}

/** A browser waits as long as `retry:` says; this one is quicker, so that tests are. In milliseconds. */
const STREAM_AGAIN = 50

/** Opens a stream (HTML Living Standard, section 9.2: server-sent events). */
export function openStream(origin: string, path: string, cookie: string): OpenStream {
  const events: StreamEvent[] = []
  const refused: number[] = []
  let connections = 0
  let lastId: string | undefined
  let isOver = false
  let asked: ClientRequest | undefined
  const connect = () => {
    let rest = ''
    let isAgain = false
    const again = () => {
      if (isOver || isAgain) return
      isAgain = true
      setTimeout(connect, STREAM_AGAIN)
    }
    const headers = { cookie, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) }
    asked = request(origin + path, { headers }, (answer) => {
      if (answer.statusCode === 200) connections += 1
      else refused.push(answer.statusCode ?? 0)
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        const blocks = (rest + piece).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          const fields = Object.fromEntries(
            block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
          )
          if (fields.event === undefined) continue
          lastId = fields.id ?? lastId
          events.push({ event: fields.event, data: JSON.parse(fields.data ?? '{}'), came: Date.now() })
        }
      })
      answer.on('close', again)
      answer.on('error', again)
    })
    asked.on('error', again)
    asked.end()
  }
  connect()
  return {
    events,
    refused,
    get connections() {
      return connections
    },
    close: () => {
      isOver = true
      asked?.destroy()
    },
  }
}
