import type { Command } from '../../../model/command.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { expandAlias } from '../cli/alias.ts'
import type { Cli } from '../cli/cli.ts'
import { type CliRefusal, DONE, type RefusalCode, type Reply, refused } from '../platform/facts.ts'
import type { AnswerBody } from './answer-body.ts'

const SUFFIX: Readonly<Record<RefusalCode, string>> = {
  1000: 'could not run command',
  1001: 'internal error',
  1002: 'invalid command',
  1003: 'unconverted command',
  1004: 'incompatible command',
  1005: 'permission to run command denied',
}

interface Failure {
  readonly index: number
  readonly command: Command
  readonly code: RefusalCode
}

export interface RunPorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The bytes of a result that says the same until something changes, by what was asked; `stable` as a reply has it. */
  readonly remembered: (question: string, stable: true | string, make: () => Buffer) => Buffer
}

const COMMA = Buffer.from(',')

/**
 * Runs the commands of one request in one CLI and answers as eAPI does: one result per command, or an error whose
 * `data` holds the results up to and including the refused command (docs/eos.md 1.3 and 1.4).
 */
export function runCommands(cli: Cli, request: RunCommands, ports: RunPorts): AnswerBody {
  const results: Buffer[] = []
  let failure: Failure | undefined
  for (const [index, command] of request.commands.entries()) {
    const startedAt = ports.now()
    const { reply, bytes } = outcome(cli, command, request, ports, startedAt)
    if (!reply.ok) failure ??= { index, command, code: reply.code }
    if (index > 0) results.push(COMMA)
    results.push(bytes)
    if (!reply.ok && request.stopOnError) break
  }
  cli.close()
  return failure === undefined ? success(request, results) : failed(request, failure, results)
}

function success({ id }: RunCommands, results: readonly Buffer[]): AnswerBody {
  return [Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":[`), ...results, END_OF_RESULT]
}

const END_OF_RESULT = Buffer.from(']}')
const END_OF_ERROR = Buffer.from(']}}')

function failed({ id, commands }: RunCommands, failure: Failure, results: readonly Buffer[]): AnswerBody {
  const { index, command, code } = failure
  const message = `CLI command ${index + 1} of ${commands.length} '${command.cmd}' failed: ${SUFFIX[code]}`
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":{"code":${code},"message":${JSON.stringify(message)},"data":[`
  return [Buffer.from(head), ...results, END_OF_ERROR]
}

interface Outcome {
  readonly reply: Reply
  readonly bytes: Buffer
}

function outcome(cli: Cli, command: Command, request: RunCommands, ports: RunPorts, startedAt: number): Outcome {
  try {
    const reply = answerable(run(cli, command, request), request.format)
    const make = () => bytesOf(stamped(resultOf(reply, request.format), request, startedAt, ports.now()))
    const stable = reply.ok && !request.timestamps && (reply.stable ?? false)
    return { reply, bytes: stable === false ? make() : ports.remembered(questionOf(command, request), stable, make) }
  } catch (error) {
    const reply = refused(`Internal error ${error instanceof Error ? error.name : 'Error'}`, 1001)
    return { reply, bytes: bytesOf(resultOf(reply, request.format)) }
  }
}

function questionOf({ cmd, revision }: Command, { format, version }: RunCommands) {
  return `${format} ${revision ?? version} ${cmd}`
}

function run(cli: Cli, command: Command, request: RunCommands) {
  if (hasControlCharacter(command.cmd)) return refused("Invalid input (at token 0: '')", 1002)
  const pinned = command.revision === undefined && request.version === 1 ? { ...command, revision: 1 } : command
  const steps = request.expandAliases ? expandAlias(cli.device.running, command.cmd) : undefined
  if (steps === undefined) return cli.run(pinned, request)
  const replies: Extract<Reply, { ok: true }>[] = []
  for (const cmd of steps) {
    const reply = cli.run({ ...pinned, cmd }, request)
    if (!reply.ok) return reply
    replies.push(reply)
  }
  const last = replies.at(-1)
  if (last === undefined || replies.length === 1) return last ?? DONE
  return { ...last, stable: false, text: () => replies.map((reply) => reply.text?.() ?? '').join('') }
}

function hasControlCharacter(line: string) {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at)
    if ((code < SPACE && code !== TAB && !isAtEnd(line, at)) || code === DELETE) return true
  }
  return false
}

const TAB = 9
const SPACE = 32
const DELETE = 127

function isAtEnd(line: string, at: number) {
  return line.slice(at).trim() === ''
}

function answerable(reply: Reply, format: 'json' | 'text'): Reply {
  if (!reply.ok) return reply
  if (format === 'json') return reply.json === undefined ? refused('This is an unconverted command', 1003) : reply
  return reply.text === undefined ? refused('The simulator prints this command in JSON only') : reply
}

function resultOf(reply: Reply, format: 'json' | 'text'): Json {
  if (!reply.ok) return refusalResult(reply, format)
  return format === 'json' ? (reply.json?.() ?? {}) : { output: reply.text?.() ?? '' }
}

function refusalResult({ errors }: CliRefusal, format: 'json' | 'text'): Json {
  return format === 'json' ? { errors } : { output: errors.map((error) => `% ${error}\n`).join(''), errors }
}

function stamped(result: Json, { timestamps }: RunCommands, startedAt: number, endedAt: number): Json {
  if (!timestamps || !isJsonObject(result)) return result
  return { ...result, _meta: { execStartTime: startedAt / 1000, execDuration: (endedAt - startedAt) / 1000 } }
}

function bytesOf(result: Json) {
  return Buffer.from(JSON.stringify(result))
}

export interface EapiRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  readonly from: string
  readonly port?: number
  readonly certificate?: string
}

// A `runCmds` request, read (docs/eos.md 1.2).
interface RunCommands {
  readonly id: Json
  readonly commands: readonly Command[]
  readonly format: 'json' | 'text'
  // 1: the first revision of each model; `latest`: the newest. A command's own `revision` wins over it.
  readonly version: 1 | 'latest'
  readonly timestamps: boolean
  readonly autoComplete: boolean
  readonly expandAliases: boolean
  readonly stopOnError: boolean
}

/** A `getCommandCompletions` request, read: nothing is carried out (docs/eos.md 1.2). */
export interface AskCompletions {
  readonly id: Json
  readonly line: string
}

export interface RpcFault {
  readonly fault: JsonObject
}

export type RpcRead = RunCommands | AskCompletions | RpcFault

const INVALID_REQUEST = -32600
const METHOD_NOT_FOUND = -32601
const INVALID_PARAMS = -32602
const PARSE_ERROR = -32700

// What `params` of a `runCmds` may hold; `streaming` and the last two come from newer clients and change nothing here.
const PARAMETERS: ReadonlySet<string> = new Set([
  'version',
  'cmds',
  'format',
  'timestamps',
  'autoComplete',
  'expandAliases',
  'stopOnError',
  'streaming',
  'includeErrorDetail',
  'requestTimeout',
])

/** Reads the body of a request to `/command-api`. Any `id` is echoed: a text, a number, null as Ansible sends it; a request without one is answered with null. */
export function readRpc(body: string): RpcRead {
  let request: Json
  try {
    request = JSON.parse(body)
  } catch {
    return rpcFault(null, PARSE_ERROR, 'Parse error')
  }
  if (!isJsonObject(request)) return rpcFault(null, INVALID_REQUEST, 'Invalid Request')
  const id = request.id ?? null
  if (typeof id === 'object' && id !== null) return rpcFault(null, INVALID_REQUEST, 'Invalid Request')
  for (const field of ['jsonrpc', 'method', 'params']) {
    if (!(field in request)) {
      return rpcFault(field === 'jsonrpc' ? null : id, INVALID_REQUEST, `Expected field '${field}' not specified`)
    }
  }
  if (request.method === 'getCommandCompletions') return readCompletions(id, request.params)
  if (request.method !== 'runCmds') return rpcFault(id, METHOD_NOT_FOUND, 'Method not found')
  const params = namedParams(request.params)
  return params === undefined ? rpcFault(id, INVALID_PARAMS, 'Invalid params') : readParams(id, params)
}

function readCompletions(id: Json, params: Json | undefined): AskCompletions | RpcFault {
  const [line, ...more] = Array.isArray(params) ? params : []
  if (typeof line !== 'string' || more.length > 0) return rpcFault(id, INVALID_PARAMS, 'Invalid params')
  return { id, line }
}

function namedParams(params: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(params)) return isJsonObject(params) ? params : undefined
  if (params.length > POSITIONS.length) return undefined
  return Object.fromEntries((params as readonly Json[]).map((value, at) => [POSITIONS[at] ?? '', value]))
}

const POSITIONS = ['version', 'cmds', 'format', 'timestamps', 'autoComplete', 'expandAliases'] as const

function readParams(id: Json, params: JsonObject): RunCommands | RpcFault {
  const unknown = Object.keys(params).find((name) => !PARAMETERS.has(name))
  if (unknown !== undefined) {
    return rpcFault(id, INVALID_PARAMS, `runCmds() got an unexpected keyword argument '${unknown}'`)
  }
  const { cmds, format = 'json', version = 'latest' } = params
  if (version !== 1 && version !== 'latest') return rpcFault(id, INVALID_PARAMS, 'Invalid params: version')
  const commands = Array.isArray(cmds) ? readCommands(cmds as readonly Json[]) : undefined
  if (commands === undefined) return rpcFault(id, INVALID_PARAMS, 'Invalid params: cmds')
  if (format !== 'json' && format !== 'text') return rpcFault(id, INVALID_PARAMS, 'Invalid params: format')
  return {
    id,
    commands,
    format,
    version,
    timestamps: params.timestamps === true,
    autoComplete: params.autoComplete === true,
    expandAliases: params.expandAliases === true,
    stopOnError: params.stopOnError !== false,
  }
}

function readCommands(entries: readonly Json[]): readonly Command[] | undefined {
  const commands: Command[] = []
  for (const entry of entries) {
    const command = readCommand(entry)
    if (command === undefined) return undefined
    commands.push(command)
  }
  return commands
}

function readCommand(entry: Json): Command | undefined {
  if (typeof entry === 'string') return { cmd: entry }
  if (!isJsonObject(entry) || typeof entry.cmd !== 'string') return undefined
  const { cmd, input, revision } = entry
  if (input !== undefined && input !== null && typeof input !== 'string') return undefined
  return {
    cmd,
    ...(typeof input === 'string' ? { input } : {}),
    ...(typeof revision === 'number' ? { revision } : {}),
  }
}

function rpcFault(id: Json, code: number, message: string): RpcFault {
  return { fault: { jsonrpc: '2.0', id, error: { code, message } } }
}
