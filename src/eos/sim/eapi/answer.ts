import { STATUS_CODES } from 'node:http'
import type { JsonObject } from '../../../model/json.ts'
import { EXEC_COMMANDS } from '../../config/guard/exec-words.ts'
import { Cli } from '../cli/cli.ts'
import type { CliUser, ExecCommand } from '../cli/command/cli-session.ts'
import { type CommandSet, nextWords } from '../cli/command/command-words.ts'
import type { Switch } from '../switch/switch.ts'
import type { AnswerBody } from './answer-body.ts'
import type { AnswerCache } from './answer-cache.ts'
import { authenticate, type CookieJar } from './login.ts'
import { type EapiRequest, type RpcRead, readRpc } from './rpc.ts'
import { runCommands } from './run-commands.ts'

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

export interface EapiAnswer {
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

export function bareAnswer(status: number): EapiAnswer {
  return status === 401 ? denied() : text(status, STATUS_CODES[status] ?? '')
}

function text(status: number, body: string): EapiAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: [Buffer.from(body)] }
}
