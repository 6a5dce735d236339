import type { HttpAnswer } from '../../../model/http-port.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { readMachineJson } from '../../../text/source/machine-json.ts'

/** What an answer of a resource API holds, or in one sentence why it cannot be relied on. */
export type StreamReading = { readonly values: readonly JsonObject[] } | { readonly reason: string }

/**
 * Reads what `GetAll` of a resource API answers over REST: one JSON object a line, `{"result":{"value":{…},"type":"INITIAL"}}`, or `{"error":{…}}` where the
 * stream broke (services.gen.swagger.json of each API in aristanetworks/cloudvision-apis). Only a whole answer is one.
 */
export function readStream(answer: HttpAnswer): StreamReading {
  const unheard = unheardBecause(answer)
  if (unheard !== undefined) return { reason: unheard }
  const values: JsonObject[] = []
  for (const line of new TextDecoder().decode(answer.body).split('\n')) {
    if (line.trim() === '') continue
    const value = valueIn(line)
    if (typeof value === 'string') return { reason: value }
    values.push(value)
  }
  return { values }
}

/** Why nothing of an answer can be relied on; undefined where it can be read. */
function unheardBecause({ status, headers, body }: HttpAnswer): string | undefined {
  if (status >= 300 && status < 400) return `it answers ${status}, which leads elsewhere and is not followed`
  if (status !== 200) return `it answers ${status}${MEANINGS[status] ?? ''}${saidIn(body)}`
  const type = headers['content-type'] ?? 'of no type'
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return `its answer is ${JSON.stringify(type)}, not JSON`
  const isFramed = headers['content-length'] !== undefined || headers['transfer-encoding']?.includes('chunked') === true
  return isFramed
    ? undefined
    : 'nothing shows whether its answer is whole: it says neither its length nor where it ends'
}

/** The value of one line, or what is wrong with the line. */
function valueIn(line: string): JsonObject | string {
  const read = readMachineJson(line, 'answer')
  if (!read.ok || !isJsonObject(read.value)) return 'a line of its answer is no JSON object'
  const { result, error } = read.value
  if (error !== undefined) return `it breaks off its answer${wordsOf(error)}`
  if (!isJsonObject(result) || !isJsonObject(result.value)) return 'a line of its answer holds no value'
  return result.type === undefined || result.type === 'INITIAL'
    ? result.value
    : `a line of its answer is of the type ${JSON.stringify(result.type)}, not INITIAL`
}

const MEANINGS: Readonly<Record<number, string>> = {
  401: ': the token is not accepted',
  403: ': the token may not read this',
  404: ': there is no such resource API at this url',
}

function saidIn(body: Uint8Array): string {
  const read = readMachineJson(body.subarray(0, 4096), 'answer')
  return read.ok ? wordsOf(read.value) : ''
}

/** A status of gRPC as JSON: `code` and `message`. */
function wordsOf(error: Json): string {
  const message = isJsonObject(error) && typeof error.message === 'string' ? error.message : ''
  const words = message.replaceAll(/[^\x20-\x7e]+/g, ' ').trim()
  return words === '' ? '' : `: ${words}`
}
