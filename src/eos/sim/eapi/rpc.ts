import type { Command } from '../../../model/command.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

export interface EapiRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  readonly from: string
  readonly port?: number
  readonly certificate?: string
}

/** A `runCmds` request, read (docs/eos.md 1.2). */
export interface RunCommands {
  readonly id: Json
  readonly commands: readonly Command[]
  readonly format: 'json' | 'text'
  /** 1: the first revision of each model; `latest`: the newest. A command's own `revision` wins over it. */
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
