import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { jsonataLanguage } from '../../../../src/change/workflow/query/jsonata/language.ts'
import { expressionProblems } from '../../../../src/change/workflow/query/jsonata/problems.ts'
import { eachExpression } from '../../../../src/change/workflow/query/language/inventory-names.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../../src/model/json.ts'
import { recordings } from '../../../recordings.ts'

const folder = fileURLToPath(recordings('asl-cases/'))
const isThere = existsSync(folder)

interface Case {
  readonly name: string
  readonly kind: string
  readonly definition: JsonObject
  readonly input: Json
  readonly expected: JsonObject
}

const cases: readonly Case[] = !isThere
  ? []
  : readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as Case[])
      .filter(({ definition }) => isJsonObject(definition))

const statesOf = ({ States: states }: JsonObject) =>
  isJsonObject(states) ? (Object.values(states) as JsonObject[]) : []

/** Machines of one Pass state in JSONata: all that happens in them is one evaluation. */
const passes = cases.filter(({ definition, kind }) => {
  const [state, ...more] = statesOf(definition)
  const language = state?.QueryLanguage ?? definition.QueryLanguage
  return kind === 'execution' && more.length === 0 && state?.Type === 'Pass' && language === 'JSONata'
})

describe.skipIf(!isThere)('recorded evaluations (absent: ../shared/asl-cases)', () => {
  test('a machine of one Pass gives what AWS gave', async () => {
    let looked = 0
    for (const { name, definition, input, expected } of passes) {
      const { Output: template } = statesOf(definition)[0] ?? {}
      const flow = { language: 'jsonata', ...(template === undefined ? {} : { output: template }) } as const
      const sight = { input, context: {}, variables: {}, now: 0, random: new SeededRandom(1) }
      const left = await jsonataLanguage.finish(flow, sight, input).then(
        ({ output }) => ({ output }),
        (fault: { error: string; message: string }) => ({ error: fault.error, cause: fault.message }),
      )
      if ('output' in left) expect(left.output, name).toEqual(expected.output)
      else {
        expect(left.error, name).toBe(expected.error)
        expect(String(expected.cause), name).toContain(`). ${left.cause}`)
      }
      looked += 1
    }
    expect(looked).toBeGreaterThanOrEqual(35)
  })

  test('every expression of a machine that AWS ran is one that AWS accepts', () => {
    const everywhere = { members: ['result', 'errorOutput'] } as const
    const found: unknown[] = []
    let looked = 0
    for (const { name, kind, definition, expected } of cases) {
      if (kind !== 'execution' || expected.valid === false) continue
      eachExpression(definition, (expression) => {
        looked += 1
        for (const problem of expressionProblems(expression, everywhere)) found.push([name, expression, problem])
      })
    }
    expect(looked).toBeGreaterThan(100)
    expect(found).toEqual([])
  })
})
