import { isJsonObject, type Json } from '../../src/model/json.ts'
import type { Box } from '../box.ts'
import { readingOf } from '../device-texts.ts'
import type { ReadBack } from './record.ts'

/** How a printed configuration begins. */
const PRINTED = /^! Command: show running-config\n/
/** How an answer to a login that the switch does not have begins: it is no JSON. */
const NOT_LET_IN = 'Unable to authenticate user'

/**
 * What a switch showed in an answer: the configuration as it was printed, which somebody may have changed by the time the
 * answer leaves. Without an answer (over SSH) it is what the switch has; `before`, what it showed last, where it let nobody in.
 */
export function shownBy(box: Box, answer: string, at: number, before?: ReadBack): ReadBack | undefined {
  if (answer.startsWith(NOT_LET_IN)) return before
  const outputs = outputsOf(answer)
  const printed = outputs.findIndex((output) => PRINTED.test(output))
  const text = outputs[printed]
  if (text === undefined) return { running: box.running, saved: box.isSaved, at }
  return { running: readingOf(text), saved: outputs[printed + 1] === '', at }
}

function outputsOf(answer: string): readonly string[] {
  if (answer === '') return []
  const read: Json = JSON.parse(answer)
  const results = isJsonObject(read)
    ? (read.result ?? (isJsonObject(read.error) ? read.error.data : undefined))
    : undefined
  if (!Array.isArray(results)) return []
  return (results as readonly Json[]).map((one) =>
    isJsonObject(one) && typeof one.output === 'string' && !('errors' in one) ? one.output : 'none',
  )
}
