import type { Command } from '../../model/command.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/** A `runCmds` request, read (eos-reference 1.2). */
export interface RunCommands {
  readonly id: Json
  readonly commands: readonly Command[]
  readonly format: 'json' | 'text'
  readonly timestamps: boolean
  readonly autoComplete: boolean
  readonly stopOnError: boolean
}

/** A request that is no `runCmds`: the JSON-RPC answer to it. */
export interface RpcFault {
  readonly fault: JsonObject
}

/** Reads the body of a request to `/command-api`. `id` may be null, as Ansible sends it, and is echoed. */
export function readRunCommands(body: string): RunCommands | RpcFault {
  let request: Json
  try {
    request = JSON.parse(body)
  } catch {
    return rpcFault(null, -32700, 'Parse error')
  }
  if (!isJsonObject(request)) return rpcFault(null, -32600, 'Invalid Request')
  for (const field of ['jsonrpc', 'method', 'id']) {
    if (!(field in request)) return rpcFault(null, -32600, `Expected field '${field}' not specified`)
  }
  const id = request.id ?? null
  if (request.method !== 'runCmds') return rpcFault(id, -32601, 'Method not found')
  const params = request.params
  if (!isJsonObject(params)) return rpcFault(id, -32602, 'Invalid params')
  return readParams(id, params)
}

function readParams(id: Json, params: JsonObject): RunCommands | RpcFault {
  const { cmds, format = 'json', version } = params
  if (version !== undefined && version !== 1 && version !== 'latest')
    return rpcFault(id, -32602, 'Invalid params: version')
  if (!Array.isArray(cmds)) return rpcFault(id, -32602, 'Invalid params: cmds')
  const commands = (cmds as readonly Json[]).map(readCommand)
  if (commands.includes(undefined)) return rpcFault(id, -32602, 'Invalid params: cmds')
  if (format !== 'json' && format !== 'text') return rpcFault(id, -32602, 'Invalid params: format')
  return {
    id,
    commands: commands.filter((command) => command !== undefined),
    format,
    timestamps: params.timestamps === true,
    autoComplete: params.autoComplete === true,
    stopOnError: params.stopOnError !== false,
  }
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
