import { expect, test } from 'vitest'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { judgeCheck } from '../../../src/lab/trial/judge-check.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'
import { rowsByModule } from './rows/index.ts'

// No member of any answer is one.
const OF_ANOTHER_TYPE: Json = [[]]

interface Mistyped {
  readonly at: string
  readonly json: Json
}

/** The answer, each time with one of its strings, numbers or truths as another type. */
function mistyped(json: Json, at = ''): readonly Mistyped[] {
  if (Array.isArray(json)) {
    return json.flatMap((one: Json, index) =>
      mistyped(one, `${at}[${index}]`).map((inner) => ({ at: inner.at, json: json.with(index, inner.json) })),
    )
  }
  if (isJsonObject(json)) {
    return Object.entries(json).flatMap(([key, member]) =>
      mistyped(member, `${at}.${key}`).map((inner) => ({ at: inner.at, json: { ...json, [key]: inner.json } })),
    )
  }
  return json === null ? [] : [{ at, json: OF_ANOTHER_TYPE }]
}

test('a member of another type is an error where a check reads it: never a failure of the switch', () => {
  const rows = Object.values(rowsByModule).flat()
  const cases = catalogueChecks.flatMap(({ name }) => {
    const row = rows.find(({ check, result }) => check === name && result === 'success')
    const { inputs = {}, outputs = [] } = row ?? {}
    return outputs.flatMap((output, index) =>
      mistyped(output).map(({ at, json }) => ({
        at: `${name}: ${at}`,
        result: judgeCheck(name, inputs, outputs.with(index, json)).result,
      })),
    )
  })
  expect(cases.length).toBeGreaterThan(900)
  expect(cases.filter(({ result }) => result === 'error').length).toBeGreaterThan(600)
  expect(cases.filter(({ result }) => result !== 'error' && result !== 'success')).toEqual([])
})
