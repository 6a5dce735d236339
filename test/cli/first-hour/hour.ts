import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import type { Terminal } from '../../../src/cli/io.ts'
import { main } from '../../../src/cli/program.ts'
import { SIMULATOR_PATH, simulatorText } from '../../../src/model/simulator.ts'
import { BUILT } from '../../lab/checkout.ts'
import { writeFiles } from '../../lab/files.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { type Lab, openLab, seamsOf, whileTimePasses } from '../../lab/lab.ts'
import { listenInTest } from '../../lab/listen.ts'
import { ask } from '../../lab/visitor.ts'
import { pointInventoryAt } from '../eosflow.ts'
import { start } from '../running.ts'
import { OPEN } from '../served.ts'

/** The workflow of the first page after README: every page of the first hour begins with it. */
const NTP = /```yaml workflow\n([\s\S]*?)```/.exec(
  readFileSync(new URL('../../../docs/first-workflow.md', import.meta.url), 'utf8'),
)?.[1]

/** The ports that the text shows: those of a new project are other ones in each folder. */
const SHOWN = { spine1: 18_101, spine2: 18_102, leaf1: 18_201, leaf2: 18_202, leaf3: 18_203, leaf4: 18_204 }

/** Authentication, in 8 bytes, in clear text. */
const ASKS_FOR_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])

const SERVER = `server: { listen: "127.0.0.1:0" }
events:
  - name: alerts
    verify: { bearer: '\${env:ALERTS_TOKEN}' }
    plan: { workflow: workflows/ntp.yaml, params: { server: 198.51.100.13 } }
`

/** What a person does beside typing: all of it is said by the mistake's own sentence. */
interface Typed {
  /** What is answered to the questions, in turn; without it nobody is at the terminal. */
  readonly answers?: readonly string[]
  /** Ctrl-C at the first question. */
  readonly interrupted?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** The folder; default: the project. `..` is the one above it. */
  readonly cwd?: string
  /** Real addresses, and real time. */
  readonly real?: boolean
}

/** The first hour of one person who makes one mistake: a new project, its switches in memory. */
export interface Hour {
  readonly lab: Lab
  /** The folder of the project. */
  readonly dir: string
  /** Runs a command and shows it in the golden text. The words are split at blanks. */
  types(command: string, typed?: Typed): Promise<void>
  /** Runs a command that is no mistake: it is not shown. Throws when it fails. */
  prepares(command: string, typed?: Typed): Promise<string>
  /** The same with the built command: the server has threads. */
  typesBuilt(command: string, cwd?: string): Promise<void>
  /** The same as a user without the rights of root: the rights of files matter. */
  typesAsUser(command: string): Promise<void>
  /** Listens as a switch that lets nobody log in, and gives its port. */
  refusesLogins(shown: number): Promise<number>
  /** Listens on a free port of this machine until the test is over, and gives it; the text shows the port that a person would have there. */
  occupies(shown: number): Promise<number>
  /** Listens as a PostgreSQL that asks everybody for a password (its protocol 3.0, AuthenticationCleartextPassword). */
  asksForPassword(shown: number): Promise<number>
  /** Asks a running `eosflow serve`, which takes alerts that prove themselves, and shows the answer. */
  asks(path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<void>
  write(path: string, text: string): void
  append(path: string, text: string): void
  /** Changes a file of the project. Throws when nothing of it changes. */
  edit(path: string, from: string | RegExp, to: string): void
  remove(path: string): void
  /** What was shown. */
  readonly shown: string
}

/** Begins an hour: `eosflow init my-network`, and the first workflow in it. */
export async function startHour(): Promise<Hour> {
  const lab = openLab()
  const above = temporaryFolder()
  chmodSync(above, 0o755)
  const dir = join(above, 'my-network')
  const ports = new Map<number, number>()
  const serves = async (listener: Server, port: number): Promise<number> => {
    const taken = await listenInTest(listener)
    ports.set(taken, port)
    return taken
  }
  let shown = ''
  const hour: Hour = {
    lab,
    dir,
    types: async (command, typed = {}) => {
      const { code, said } = await run(lab, dir, command.split(' '), typed)
      shown += shownOf(`${typed.cwd === '..' ? 'cd .. && ' : ''}eosflow ${command}`, said, code)
    },
    prepares: async (command, typed = {}) => {
      const { code, said } = await run(lab, dir, command.split(' '), typed)
      if (code !== 0) throw new Error(said)
      return said
    },
    typesBuilt: async (command, cwd = '.') => {
      const { code, said } = await built(join(dir, cwd), command.split(' '))
      shown += shownOf(`eosflow ${command}`, said, code)
    },
    typesAsUser: async (command) => {
      // Root may read and write everything.
      const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
      const { code, said } = await built(dir, command.split(' '), nobody)
      shown += shownOf(`eosflow ${command}`, said, code)
    },
    refusesLogins: (port) =>
      serves(
        createHttpServer(({ url }, answer) => {
          const [device = ''] = Object.entries(SHOWN).find(([, one]) => one === port) ?? []
          const whose = simulatorText({ device, fabric: 'dc1', project: null, pid: process.pid })
          if (url === SIMULATOR_PATH) answer.end(`${whose}\n`)
          else answer.writeHead(401).end()
        }),
        port,
      ),
    occupies: (port) => serves(createServer(), port),
    asksForPassword: (port) => {
      const asking = createServer((socket) => {
        socket.on('error', () => undefined).once('data', () => socket.write(ASKS_FOR_PASSWORD))
      })
      return serves(asking, port)
    },
    asks: async (path, headers, body) => {
      hour.append('eosflow.yaml', SERVER)
      const server = start({ dir, env: { ALERTS_TOKEN: 'a-long-enough-token' } }, 'serve')
      const [, origin = ''] = await server.said(OPEN)
      const method = body === undefined ? 'GET' : 'POST'
      const sent = body === undefined ? headers : { ...headers, 'content-type': 'application/json' }
      const { status, text } = await ask(origin, method, path, {
        headers: sent,
        ...(body === undefined ? {} : { body }),
      })
      const words = Object.entries(sent).map(([name, value]) => ` -H '${name}: ${value}'`)
      const data = body === undefined ? '' : ` -d '${body}'`
      shown += `\`\`\`\n$ curl http://localhost:7474${path}${words.join('')}${data}\n${JSON.stringify(JSON.parse(text), undefined, 2)}\n[status ${status}]\n\`\`\`\n`
      server.kill('SIGTERM')
      await server.ended
    },
    write: (path, text) => writeFiles(dir, { [path]: text }),
    append: (path, text) => appendFileSync(join(dir, path), text),
    edit: (path, from, to) => {
      const before = readFileSync(join(dir, path), 'utf8')
      const after = before.replace(from, to)
      if (after === before) throw new Error(`${path} does not hold ${from}`)
      writeFileSync(join(dir, path), after)
    },
    remove: (path) => rmSync(join(dir, path), { recursive: true }),
    get shown() {
      return [...ports].reduce(
        (text, [taken, port]) => text.replaceAll(String(taken), String(port)),
        steady(shown, above),
      )
    },
  }
  await hour.prepares('init my-network', { cwd: '..' })
  pointInventoryAt(
    dir,
    Object.entries(SHOWN).map(([name, port]) => ({ name, http: { port } })),
  )
  hour.write('workflows/ntp.yaml', NTP ?? '')
  return hour
}

function shownOf(command: string, said: string, code: number | null): string {
  return `\`\`\`\n$ ${command}\n${said}[exit ${code}]\n\`\`\`\n`
}

async function run(
  lab: Lab,
  dir: string,
  argv: readonly string[],
  { answers = [], interrupted = false, env = {}, cwd = '.', real = false }: Typed,
): Promise<{ readonly code: number; readonly said: string }> {
  const typed = [...answers]
  let said = ''
  const interrupt = new AbortController()
  const say = (text: string): void => {
    said += text
  }
  const io: Terminal = {
    env: { ...env, XDG_STATE_HOME: join(lab.dir, 'state') },
    cwd: join(dir, cwd),
    out: say,
    err: say,
    interactive: typed.length > 0 || interrupted,
    color: false,
    ask: async (question) => {
      const answer = interrupted ? undefined : typed.shift()
      say(`${question}${interrupted ? '^C' : (answer ?? '')}\n`)
      if (interrupted) interrupt.abort()
      return answer
    },
    stop: interrupt.signal,
    ...(real ? {} : { seams: seamsOf(lab) }),
  }
  const work = main(argv, io)
  return { code: await (real ? work : whileTimePasses(lab.clock, work)), said }
}

async function built(
  dir: string,
  argv: readonly string[],
  user: Pick<SpawnOptions, 'uid' | 'gid'> = {},
): Promise<{ readonly code: number | null; readonly said: string }> {
  const env = { PATH: process.env.PATH, CI: '1' }
  const child = spawn(process.execPath, [BUILT, ...argv], { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'], ...user })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece) => {
      said += piece
    })
  const [code] = await once(child, 'close')
  return { code: code as number | null, said }
}

/** The text without what is another one at each run, or on another machine. */
function steady(text: string, dir: string): string {
  return text
    .replaceAll(dir, '/home/ann')
    .replace(/^! running as root.*\n/gm, '')
    .replace(/\blocal:\d+:[\w-]+@[\w.-]+/g, 'local:1000:ann@noc1')
    .replace(/\b\d{8}-\d{6}-[0-9a-f]{8}\b/g, 'EXECUTION')
    .replace(/^\d\d:\d\d:\d\dZ/gm, 'HH:MM:SSZ')
    .replace(/sha256:[0-9a-f]{64}/g, 'sha256:DIGEST')
    .replace(/(plan|bound to|·|approved|rejected) [0-9a-f]{8}\b/g, '$1 DIGEST8')
    .replace(/\bhead [\w+/]{43}=/g, 'head HASH')
}
