import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { createServer as createNetServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Clock } from '../../../model/clock.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { SIMULATOR_PATH } from '../../../model/simulator.ts'
import { EXEC_COMMANDS } from '../../config/guard/exec-words.ts'
import { renderConfig } from '../../config/text/parse.ts'
import { Cli } from '../cli/cli.ts'
import { type CommandSet, nextWords } from '../cli/command/command-words.ts'
import type { CliUser, ExecCommand } from '../cli/command/session-verbs.ts'
import type { FaultOf } from '../fault/fault.ts'
import type { Identity } from '../listener/authority.ts'
import { type LoopbackHost, SwitchListener } from '../listener/switch-listener.ts'
import { httpsOn } from '../switch/http-commands.ts'
import type { Switch } from '../switch/switch.ts'
import { type AnswerBody, gathered, lengthOf, SMALL, textOf } from './answer-body.ts'
import type { AnswerCache } from './answer-cache.ts'
import { authenticate, type CookieJar } from './login.ts'
import { type EapiRequest, type RpcRead, readRpc, runCommands } from './run-commands.ts'

// What `getCommandCompletions` answers: the words that may follow a line of exec mode. The help texts are empty [I].
function completionsOf<T>(commands: CommandSet<T>, line: string): JsonObject {
  const words = line.trimStart().split(/\s+/)
  const known = nextWords(commands, words)
  const keywords = [...known.filter((word) => !/^[<]/.test(word)), ...documented(words)]
  return {
    complete: known.includes('<cr>'),
    completions: Object.fromEntries([...new Set(keywords)].sort().map((word) => [word, ''])),
    errors: {},
  }
}

function documented(words: readonly string[]) {
  const [typed = '', ...before] = words.toReversed()
  const head = before.toReversed()
  return OF_EOS.flatMap((command) => {
    const next = command[head.length] ?? ''
    const isBelow = head.every((word, at) => word === command[at])
    return isBelow && next.startsWith(typed) && /^[a-z][a-z-]*$/.test(next) ? next : []
  })
}

const OF_EOS = EXEC_COMMANDS.filter(({ source }) => source.startsWith('manual')).map(({ command }) =>
  command.split(' '),
)

interface EapiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AnswerBody
}

export interface EapiService {
  readonly device: Switch
  readonly commands: CommandSet<ExecCommand>
  readonly cookies: CookieJar
  readonly answers: AnswerCache
  /** Another text whenever a show command may say something else: see {@link AnswerCache}. */
  readonly stamp: () => string
}

/** Answers one request as the eAPI server of EOS does (docs/eos.md 1.1): `POST /command-api`, `HEAD` as a probe, `/login` and `/logout` with a session cookie. A refused command is a 200 with a JSON-RPC error; bad credentials are a 401 with text; anything else is 404. */
export function answer(service: EapiService, request: EapiRequest, read: RpcRead = readRpc(request.body)): EapiAnswer {
  service.device.settle()
  if (request.path === '/login' && request.method === 'POST') return login(service, request)
  if (request.path === '/logout' && request.method === 'POST') return logout(service, request)
  if (request.path !== '/command-api') return text(404, 'Not Found')
  const user = authenticate(service.device, service.cookies, request)
  if (user === undefined) return denied()
  if (request.method === 'HEAD') return text(200, '')
  if (request.method !== 'POST') return text(405, 'Method Not Allowed')
  return { status: 200, headers: JSON_HEADERS, body: run(service, user, read) }
}

const JSON_HEADERS = { 'content-type': 'application/json' }

function run(service: EapiService, user: CliUser, read: RpcRead) {
  if ('fault' in read) return [Buffer.from(JSON.stringify(read.fault))]
  const { device, commands, answers, stamp } = service
  if ('line' in read) {
    const result = completionsOf(commands, read.line)
    return [Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: read.id, result }))]
  }
  return runCommands(new Cli(device, user, commands), read, {
    now: () => device.now,
    remembered: (question, stable, make) =>
      stable === true
        ? answers.result(device.name, stamp(), question, make)
        : answers.result(`${device.name} configuration`, stable, question, make),
  })
}

function login({ device, cookies }: EapiService, request: EapiRequest): EapiAnswer {
  const cookie = cookies.login(device, request)
  if (cookie === undefined) return denied()
  return json({ Login: true }, { 'set-cookie': `Session=${cookie}; Path=/` })
}

function logout({ cookies }: EapiService, request: EapiRequest): EapiAnswer {
  cookies.logout(request)
  return json({ Logout: true })
}

function denied(): EapiAnswer {
  return {
    status: 401,
    headers: { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="COMMAND_API_AUTH"' },
    body: [Buffer.from('Unable to authenticate user: Bad username/password combination')],
  }
}

function json(value: unknown, headers: Readonly<Record<string, string>> = {}): EapiAnswer {
  return { status: 200, headers: { ...JSON_HEADERS, ...headers }, body: [Buffer.from(JSON.stringify(value))] }
}

function bareAnswer(status: number): EapiAnswer {
  return status === 401 ? denied() : text(status, STATUS_CODES[status] ?? '')
}

function text(status: number, body: string): EapiAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: [Buffer.from(body)] }
}

const OTHER = 'another-request'
const ERROR: Json = {
  code: 1002,
  message: "CLI command 1 of 1 'show versoin' failed: invalid command",
  data: [{ errors: ['Invalid input'] }],
}

export type Exchange = EapiAnswer | 'lost'

const READS: ReadonlySet<string> = new Set([
  'show',
  'enable',
  'disable',
  'diff',
  'dir',
  'terminal',
  'exit',
  'end',
  'ping',
])

/** The way from a wire to one switch: requests are answered one after the other, disturbed by the faults that are set, counted and recorded. */
export class EapiChannel {
  readonly service: EapiService
  readonly #clock: Clock
  #queue: Promise<unknown> = Promise.resolve()

  constructor(service: EapiService, clock: Clock) {
    this.service = service
    this.#clock = clock
  }

  get reachable(): boolean {
    this.service.device.settle()
    return this.service.device.reachable
  }

  exchange(request: EapiRequest): Promise<Exchange> {
    const turn = this.#queue.then(() => this.#carryOut(request))
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #carryOut(request: EapiRequest): Promise<Exchange> {
    const { device } = this.service
    device.settle()
    const read = isRpc(request) ? readRpc(request.body) : undefined
    const commands = commandsOf(read)
    const kind = commands.some(writes) ? 'write' : 'read'
    const at = device.now
    device.counters.requests += 1
    device.counters.bytesIn += Buffer.byteLength(request.body)
    const disturbance = device.faults.disturb({ commands, writes: kind === 'write' })
    if (disturbance.delayBefore > 0) await this.#clock.sleep(disturbance.delayBefore)
    const timer = device.sessions.timer?.session
    const before = { ...device.counters.commits }
    const exchange = device.reachable && disturbance.dies !== 'before' ? this.#answer(request, read, commands) : 'lost'
    const commit = COMMITS.find((one) => device.counters.commits[one] > before[one])
    const working = commit === 'confirms' ? 0 : workingTime(device, commit !== undefined || commands.some(replaces))
    if (disturbance.delayAfter + working > 0) await this.#clock.sleep(disturbance.delayAfter + working)
    const given =
      exchange === 'lost' || disturbance.wrong === undefined ? exchange : wrongly(exchange, disturbance.wrong)
    const outcome = disturbance.dies === undefined && device.reachable ? given : 'lost'
    const { method, path, port } = request
    const answered = outcome === 'lost' ? 'lost' : outcome.status
    device.record({ at, method, path, commands, kind, answer: answered, ...definedMembers({ port, timer, commit }) })
    if (outcome !== 'lost') device.counters.bytesOut += lengthOf(outcome.body)
    return outcome
  }

  #answer(request: EapiRequest, read: RpcRead | undefined, commands: readonly string[]): Exchange {
    const { device } = this.service
    const { commits } = device
    if (device.faults.expiresCookies()) this.service.cookies.clear()
    const status = device.faults.httpStatus(request.path)
    const answered = status === undefined ? answer(this.service, request, read) : bareAnswer(status)
    return device.diesOf(commands, commits) ? 'lost' : answered
  }
}

const COMMITS = ['plain', 'timed', 'confirms'] as const

function isRpc({ method, path }: EapiRequest) {
  return method === 'POST' && path === '/command-api'
}

function commandsOf(read: RpcRead | undefined): readonly string[] {
  return read === undefined || !('commands' in read) ? NONE : read.commands.map(({ cmd }) => cmd)
}

const NONE: readonly string[] = []

const replaces = (command: string) => /^configure (?:replace|checkpoint restore) /.test(command)

// How long a switch works on what takes the place of its running-config, in milliseconds.
function workingTime({ behaviour, running }: EapiService['device'], replaced: boolean) {
  if (!replaced || behaviour.commitSeconds === 0) return 0
  const lines = renderConfig(running).split('\n')
  return behaviour.commitSeconds * lines.filter((line) => line !== '' && !line.startsWith('!')).length
}

function writes(command: string) {
  return !READS.has(command.trim().split(/\s+/, 1)[0] ?? '')
}

function wrongly(answer: EapiAnswer, { error = false }: FaultOf<'wrong-answer'>) {
  const read: Json = answer.status === 200 ? JSON.parse(textOf(answer.body)) : null
  if (!isJsonObject(read) || !('jsonrpc' in read)) return answer
  const wrong = error ? { jsonrpc: '2.0', id: OTHER, error: ERROR } : { ...read, id: OTHER }
  return { ...answer, body: [Buffer.from(JSON.stringify(wrong))] }
}

const BODY_LIMIT = 64 * 1024 * 1024

export interface ListenerAddress {
  readonly host: string
  readonly port: number
}

export interface ListenerOptions {
  readonly host?: LoopbackHost
  readonly port?: number
  readonly tls?: { readonly identity: () => Identity; readonly clientAuthorities: readonly string[] }
  readonly whose?: () => string
}

/** While the switch cannot be reached the port is closed, so that a connection is refused as it is by a switch whose eAPI is off; afterwards it opens again on the same number. */
export function eapiHttpServer(
  channel: EapiChannel,
  clock: Clock,
  { host, port = 0, tls, whose }: ListenerOptions = {},
): SwitchListener {
  const { device } = channel.service
  const secure = tls !== undefined
  const options = { keepAliveTimeout: 60_000 }
  const refused = (socket: Socket) => {
    device.counters.connections += 1
    const isRefused = !device.takesLogins || (secure && device.faults.breaksTls(device.now))
    if (isRefused) socket.destroy()
    return isRefused
  }
  const served = (request: IncomingMessage, response: ServerResponse) => {
    void serve(request, response)
  }
  const listener = new SwitchListener({
    ...(secure ? lazyTlsServer({ ...options, ...tls }, served, refused) : plainServer(options, served, refused)),
    ...definedMembers({ host }),
    port,
    device,
    clock,
    wanted: () => channel.reachable && (!secure || device.options.managementOutside || httpsOn(device.running)),
  })
  return listener

  async function serve(request: IncomingMessage, response: ServerResponse) {
    if (whose !== undefined && request.url === SIMULATOR_PATH) {
      device.counters.connections -= 1
      response.writeHead(200, { 'content-type': 'application/json' }).end(`${whose()}\n`)
      return
    }
    try {
      const { authorization, cookie } = request.headers
      const exchange = await channel.exchange({
        method: request.method ?? 'GET',
        path: (request.url ?? '/').split('?', 1)[0] ?? '/',
        headers: { authorization, cookie },
        body: await bodyOf(request),
        from: listener.address.host,
        ...definedMembers({
          port: request.socket.remotePort,
          certificate: secure ? certificateOf(request) : undefined,
        }),
      })
      if (exchange === 'lost') cut(request)
      else {
        const { status, headers, body } = exchange
        response.writeHead(status, { ...headers, 'content-length': lengthOf(body) })
        send(response, gathered(body))
      }
    } catch {
      request.socket.destroy()
    }
    if (!listener.settled) await listener.follow()
  }
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void

interface Cuttable {
  readonly server: Server
  readonly cutAll: () => void
}

function plainServer(
  options: { readonly keepAliveTimeout: number },
  serve: Serve,
  refused: (socket: Socket) => boolean,
): Cuttable {
  const server = createServer(options, serve)
  server.on('connection', refused)
  return { server, cutAll: () => server.closeAllConnections() }
}

type TlsSettings = { readonly keepAliveTimeout: number } & NonNullable<ListenerOptions['tls']>

// TLS is set up when somebody first connects: it is most of what a listener takes, and most are never asked.
function lazyTlsServer(settings: TlsSettings, serve: Serve, refused: (socket: Socket) => boolean): Cuttable {
  let secure: TlsServer | undefined
  const open = new Set<Socket>()
  const made = () => {
    const { keepAliveTimeout, identity, clientAuthorities } = settings
    const ca = [...clientAuthorities]
    return createTlsServer({ keepAliveTimeout, ...identity(), ca, requestCert: true, rejectUnauthorized: false }, serve)
  }
  const server = createNetServer((socket) => {
    if (refused(socket)) return
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    secure ??= made()
    secure.emit('connection', socket)
  })
  return {
    server,
    cutAll: () => {
      for (const socket of open) socket.destroy()
    },
  }
}

function send(response: ServerResponse, pieces: AnswerBody) {
  const last = pieces.at(-1)
  for (const piece of pieces.slice(0, -1)) response.write(piece)
  if (pieces.length === 1 && last !== undefined && last.length <= SMALL) response.end(last.toString('latin1'), 'latin1')
  else response.end(last)
}

function cut({ socket }: IncomingMessage) {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

function certificateOf({ socket }: IncomingMessage) {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const name = socket.getPeerCertificate().subject?.CN
  return typeof name === 'string' && name !== '' ? name : undefined
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > BODY_LIMIT) reject(new RangeError('the request is too long'))
    })
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString('utf8') ?? ''))
    // Also where the connection is closed.
    request.on('error', reject)
  })
}
