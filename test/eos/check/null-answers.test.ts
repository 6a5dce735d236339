import { expect, test } from 'vitest'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { judgeCheck } from '../../../src/lab/trial/judge-check.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'
import { rowsByModule } from './rows/index.ts'

/** An answer that does not tell one thing: because it is null, and because it is not there. */
interface Untold {
  readonly at: string
  readonly withNull: Json
  readonly without: Json
}

/** Each member of each object of an answer, untold. */
function untold(json: Json, at = ''): readonly Untold[] {
  if (Array.isArray(json)) {
    return json.flatMap((one: Json, index) =>
      untold(one, `${at}[${index}]`).map((inner) => ({
        ...inner,
        withNull: json.with(index, inner.withNull),
        without: json.with(index, inner.without),
      })),
    )
  }
  if (!isJsonObject(json)) return []
  return Object.entries(json).flatMap(([key, member]) => {
    const { [key]: _left, ...without } = json
    return [
      { at: `${at}.${key}`, withNull: { ...json, [key]: null }, without },
      ...untold(member, `${at}.${key}`).map((inner) => ({
        ...inner,
        withNull: { ...json, [key]: inner.withNull },
        without: { ...json, [key]: inner.without },
      })),
    ]
  })
}

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
  const rows = Object.values(rowsByModule).flat()
  const cases = catalogueChecks.flatMap(({ name }) => {
    const row = rows.find(({ check, result }) => check === name && result === 'success')
    const { inputs = {}, outputs = [] } = row ?? {}
    return outputs.flatMap((output, index) =>
      untold(output).map(({ at, withNull, without }) => ({
        at: `${name}: ${at}`,
        told: judgeCheck(name, inputs, outputs.with(index, withNull)),
        absent: judgeCheck(name, inputs, outputs.with(index, without)),
      })),
    )
  })
  expect(cases.length).toBeGreaterThan(1000)
  const different = cases.filter(({ told, absent }) => JSON.stringify(told) !== JSON.stringify(absent))
  expect(different.filter(({ at }) => !Object.keys(SAYS_SOMETHING).some((name) => at.startsWith(`${name}:`)))).toEqual(
    [],
  )
})
