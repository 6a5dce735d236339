import { z } from 'zod'
import type { Json } from '../../model/json.ts'
import type { ValueOrProblems } from '../../model/problem.ts'
import type { LocatedValue } from '../../text/source/located.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import type { Mocks } from './mocked-tasks.ts'

const json: z.ZodType<Json> = z.json()

const answerSchema = z.looseObject({
  input: json.optional(),
  output: json.optional(),
  error: z.string().nullable().optional(),
  cause: z.string().nullable().optional(),
  never: z.boolean().optional(),
  submitOutput: json.optional(),
})

const mockFileSchema = z.record(z.string(), z.array(answerSchema))

/** The mocks that a file holds: `{ stateName: [answer, …] }`. */
export function readMocks(located: LocatedValue): ValueOrProblems<Mocks> {
  return parseWith(mockFileSchema as unknown as z.ZodType<Mocks>, located)
}
