import type { Command } from '../../model/command.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Cli } from '../cli/cli.ts'
import { type Refusal, type RefusalCode, type Reply, refused } from '../cli/reply.ts'
import type { RunCommands } from './rpc.ts'

const SUFFIX: Readonly<Record<RefusalCode, string>> = {
  1000: 'could not run command',
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

/**
 * Runs the commands of one request in one CLI and answers as eAPI does: one result per command, or an error whose
 * `data` holds the results up to and including the refused command (eos-reference 1.3 and 1.4).
 */
export function runCommands(cli: Cli, request: RunCommands, now: () => number): JsonObject {
  const data: Json[] = []
  let failure: Failure | undefined
  for (const [index, command] of request.commands.entries()) {
    const startedAt = now()
    const reply = answerable(cli.run(command, request), request.format)
    if (!reply.ok) failure ??= { index, command, code: reply.code }
    data.push(stamped(resultOf(reply, request.format), request, startedAt, now()))
    if (!reply.ok && request.stopOnError) break
  }
  cli.close()
  const head = { jsonrpc: '2.0', id: request.id }
  if (failure === undefined) return { ...head, result: data }
  const { index, command, code } = failure
  const where = `CLI command ${index + 1} of ${request.commands.length} '${command.cmd}'`
  return { ...head, error: { code, message: `${where} failed: ${SUFFIX[code]}`, data } }
}

/** A command without a JSON model is refused as unconverted; one without text says so. */
function answerable(reply: Reply, format: 'json' | 'text'): Reply {
  if (!reply.ok) return reply
  if (format === 'json') return reply.json === undefined ? refused('This is an unconverted command', 1003) : reply
  return reply.text === undefined ? refused('The simulator prints this command in JSON only') : reply
}

function resultOf(reply: Reply, format: 'json' | 'text'): Json {
  if (!reply.ok) return refusalResult(reply, format)
  return format === 'json' ? (reply.json?.() ?? {}) : { output: reply.text?.() ?? '' }
}

function refusalResult({ errors }: Refusal, format: 'json' | 'text'): Json {
  return format === 'json' ? { errors } : { output: errors.map((error) => `% ${error}\n`).join(''), errors }
}

function stamped(result: Json, { timestamps }: RunCommands, startedAt: number, endedAt: number): Json {
  if (!timestamps || !isJsonObject(result)) return result
  return { ...result, _meta: { execStartTime: startedAt / 1000, execDuration: (endedAt - startedAt) / 1000 } }
}
