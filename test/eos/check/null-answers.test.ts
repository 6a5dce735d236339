import { expect, test } from 'vitest'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { judgeCheck } from '../../../src/lab/trial/judge-check.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'
import { rowsByModule } from './rows/index.ts'

/** A member of an object in an answer, and the answer with another value there, or without it. */
interface Member {
  readonly at: string
  readonly value: Json
  with(value?: Json): Json
}

function membersIn(json: Json, at = ''): readonly Member[] {
  if (Array.isArray(json)) {
    return json.flatMap((one: Json, index) =>
      membersIn(one, `${at}[${index}]`).map((inner) => ({
        ...inner,
        with: (value?: Json) => json.with(index, inner.with(value)),
      })),
    )
  }
  if (!isJsonObject(json)) return []
  return Object.entries(json).flatMap(([key, member]) => {
    const { [key]: _left, ...without } = json
    const put = (value?: Json) => (value === undefined ? without : { ...json, [key]: value })
    return [
      { at: `${at}.${key}`, value: member, with: put },
      ...membersIn(member, `${at}.${key}`).map((inner) => ({
        ...inner,
        with: (value?: Json) => put(inner.with(value)),
      })),
    ]
  })
}

/** The members of what each check passes with, each with what the check says of another answer. */
const CASES = catalogueChecks.flatMap(({ name }) => {
  const rows = Object.values(rowsByModule).flat()
  const row = rows.find(({ check, result }) => check === name && result === 'success')
  const { inputs = {}, outputs = [] } = row ?? {}
  return outputs.flatMap((output, index) =>
    membersIn(output).map((member) => ({
      at: `${name}: ${member.at}`,
      value: member.value,
      judge: (value?: Json) => judgeCheck(name, inputs, outputs.with(index, member.with(value))),
    })),
  )
})

/** Where null says something, and what. */
const SAYS_SOMETHING: Readonly<Record<string, string>> = {
  VerifySnmpErrorCounters:
    'a counter that is null was never raised; one that is not there is unknown (ANTA documentation)',
  VerifyInterfaceUtilization: 'an interface whose bandwidth is null is not connected',
  VerifyBFDPeersHealth: 'a session whose last time down is null was never down',
  VerifyRunningConfig: 'a command without a section below it is null',
  VerifyFilePresence: 'a file is there by its name',
  VerifyTacacsServerGroups: 'a group is there by its name',
}

test('what a switch gives as null it does not tell: the verdict is the same as without it', {
  tags: ['long', 'turn'],
}, () => {
  expect(CASES.length).toBeGreaterThan(1000)
  const different = CASES.filter(({ judge }) => JSON.stringify(judge(null)) !== JSON.stringify(judge()))
  expect(different.filter(({ at }) => !Object.keys(SAYS_SOMETHING).some((name) => at.startsWith(`${name}:`)))).toEqual(
    [],
  )
})

test('a member of another type is an error where a check reads it: never a failure of the switch', () => {
  const told = CASES.filter(({ value }) => value !== null && typeof value !== 'object')
  const judged = told.map(({ at, judge }) => ({ at, result: judge([[]]).result }))
  expect(judged.filter(({ result }) => result === 'error').length).toBeGreaterThan(600)
  expect(judged.filter(({ result }) => result !== 'error' && result !== 'success')).toEqual([])
})
