import { isJsonObject, type Json } from '../../model/json.ts'
import type { WrongAnswer } from '../fault/answer-faults.ts'
import type { EapiAnswer } from './answer.ts'
import { textOf } from './answer-body.ts'

/** The id of a request that nobody sent. */
const OTHER = 'another-request'
const ERROR: Json = {
  code: 1002,
  message: "CLI command 1 of 1 'show versoin' failed: invalid command",
  data: [{ errors: ['Invalid input'] }],
}

/** An answer as it is of another request: with its id, and with `error` an error object in place of the results. */
export function wrongly(answer: EapiAnswer, { error = false }: WrongAnswer): EapiAnswer {
  const read: Json = answer.status === 200 ? JSON.parse(textOf(answer.body)) : null
  if (!isJsonObject(read) || !('jsonrpc' in read)) return answer
  const wrong = error ? { jsonrpc: '2.0', id: OTHER, error: ERROR } : { ...read, id: OTHER }
  return { ...answer, body: [Buffer.from(JSON.stringify(wrong))] }
}
