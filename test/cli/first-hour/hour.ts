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
import { fileText, writeFiles } from '../../lab/files.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { type Lab, openLab, seamsOf, typeOn, whileTimePasses } from '../../lab/lab.ts'
import { listenInTest } from '../../lab/loopback.ts'
import { ask } from '../../lab/visitor.ts'
import { pointInventoryAt } from '../eosflow.ts'
import { OPEN, start } from '../running.ts'

/** One mistake of `mistakes.md`: how what eosflow says is rated, and how it is made. */
export interface Mistake {
  /** One point each for what is wrong, where, and what helps; rated by somebody who has written none of it. */
  readonly rating: 0 | 1 | 2 | 3
  readonly make: (hour: Hour) => Promise<void>
}

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
      const before = fileText(dir, path)
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

function shownOf(command: string, said: string, code: number | null) {
  return `\`\`\`\n$ ${command}\n${said}[exit ${code}]\n\`\`\`\n`
}

async function run(
  lab: Lab,
  dir: string,
  argv: readonly string[],
  { answers = [], interrupted = false, env = {}, cwd = '.', real = false }: Typed,
) {
  const typed = [...answers]
  let said = ''
  const interrupt = new AbortController()
  const say = (text: string) => {
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

async function built(dir: string, argv: readonly string[], user: Pick<SpawnOptions, 'uid' | 'gid'> = {}) {
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
function steady(text: string, dir: string) {
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

const NTP_ENGINEER = 'workflows/ntp.yaml'
const PLAN = `plan ${NTP_ENGINEER} -p server=198.51.100.13`
const RUN = `run ${NTP_ENGINEER} -p server=198.51.100.13`

/** Plans README's workflow with something else in it. */
const planWith = (from: string | RegExp, to: string) => async (hour: Hour) => {
  hour.edit(NTP_ENGINEER, from, to)
  await hour.types(PLAN)
}

const types = (command: string) => (hour: Hour) => hour.types(command)

/** The mistakes of an engineer, by their id. */
export const ENGINEER: Readonly<Record<string, Mistake>> = {
  e01: { rating: 3, make: types(`pln ${NTP_ENGINEER} -p server=198.51.100.13`) },
  e02: { rating: 3, make: types(`plan ${NTP_ENGINEER} --parm server=198.51.100.13`) },
  e03: { rating: 3, make: types(`plan ${NTP_ENGINEER}`) },
  e04: { rating: 3, make: types(`plan ${NTP_ENGINEER} -p server=198.51.100.300`) },
  e05: { rating: 3, make: types(`plan ${NTP_ENGINEER} -p sever=198.51.100.13`) },
  e06: { rating: 3, make: types('plan workflow/ntp.yaml -p server=198.51.100.13') },
  e07: { rating: 3, make: (hour) => hour.types(PLAN, { cwd: '..' }) },
  e08: {
    rating: 3,
    make: async (hour) => {
      hour.edit('inventory.yaml', /port: 1820(\d)/g, 'port: $1')
      await hour.types(PLAN, { real: true })
    },
  },
  e09: { rating: 3, make: types('sim start fabrics/dc2') },
  e10: {
    rating: 3,
    make: async (hour) => {
      const port = await hour.occupies(18_101)
      hour.edit('inventory.yaml', '18101', String(port))
      await hour.types('sim start fabrics/dc1', { real: true })
    },
  },
  e11: { rating: 3, make: planWith('  server:', '\tserver:') },
  e12: { rating: 3, make: planWith('targets:', 'target:') },
  e13: { rating: 3, make: planWith('- verify:', '- verfiy:') },
  e14: { rating: 3, make: planWith('bgp-established', 'bgp-establised') },
  e15: { rating: 3, make: planWith('leaf1 or leaf2', 'leaf1 or leaf9') },
  e16: { rating: 3, make: planWith('leaf1 or leaf2', 'role:laef') },
  e17: { rating: 3, make: planWith('{{ server }}', '{{ sever }}') },
  e18: { rating: 3, make: planWith('within: 1m', 'within: 1 minute') },
  e19: { rating: 2, make: planWith(/lines: .*/, "lines: ['interface Ethernet1', '   descripton {{ server }}'] }") },
  e20: { rating: 3, make: planWith('  - approve\n', '') },
  e21: {
    rating: 3,
    make: async (hour) => {
      hour.edit(NTP_ENGINEER, /( {2}- verify.*\n)( {2}- confirm\n)/, '$2$1')
      await hour.types(PLAN)
    },
  },
  e22: {
    rating: 3,
    make: async (hour) => {
      hour.edit('inventory.yaml', '18201', String(await hour.refusesLogins(18_201)))
      hour.edit('inventory.yaml', '18202', String(await hour.refusesLogins(18_202)))
      hour.edit('inventory.yaml', 'password: admin', 'password: wrong')
      await hour.types(PLAN, { real: true })
    },
  },
  e23: {
    rating: 3,
    make: async (hour) => {
      hour.append('inventory.yaml', '  leaf1: { host: 127.0.0.1, port: 18299 }\n')
      await hour.types(PLAN)
    },
  },
  e24: {
    rating: 3,
    make: async (hour) => {
      hour.edit('inventory.yaml', 'credentials: simulated }', 'credentials: operator }')
      hour.edit(
        'inventory.yaml',
        '  simulated: { username: admin, password: admin, simulated: true }',
        "  operator: { username: ann, password: '${env:EOSFLOW_RW}' }",
      )
      hour.edit('inventory.yaml', /port: 1820(\d)/g, 'port: $1')
      await hour.types(PLAN, { real: true, env: { EOSFLOW_RW: 'not-the-one' } })
    },
  },
  e25: { rating: 3, make: (hour) => hour.types('init my-network', { cwd: '..' }) },
  e26: { rating: 3, make: (hour) => hour.types(RUN, { answers: ['y', 'yes'] }) },
  e27: { rating: 3, make: types(RUN) },
  e28: { rating: 3, make: (hour) => hour.types(RUN, { interrupted: true }) },
  e29: {
    rating: 3,
    make: async (hour) => {
      await hour.prepares(`${PLAN} -o ntp.plan`)
      await hour.prepares('approve ntp.plan')
      await typeOn(hour.lab.fabric.device('leaf1'), 'configure', 'ntp server vrf MGMT 192.0.2.1', 'end', 'write')
      await hour.types('run ntp.plan')
    },
  },
  e30: {
    rating: 3,
    make: async (hour) => {
      const said = await hour.prepares(RUN, { answers: ['yes'] })
      const [, id = ''] = /Next: eosflow show (\S+)/.exec(said) ?? []
      await hour.prepares(`rollback ${id}`, { answers: ['yes'] })
      await hour.types(`rollback ${id}`, { answers: ['yes'] })
    },
  },
}
