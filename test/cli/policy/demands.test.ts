import { describe, expect, test } from 'vitest'
import type { SilentCaller } from '../../../src/app/caller.ts'
import type { PolicyContext } from '../../../src/app/policy/authority.ts'
import { demandsOn } from '../../../src/app/policy/demands.ts'
import { termsOf } from '../../../src/app/policy/terms.ts'
import type { Principal } from '../../../src/model/principal.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { readPolicy } from '../../../src/policy/read-policy.ts'
import type { BreakGlass } from '../../../src/policy/rule-match.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { partOf } from '../../lab/part-of.ts'
import { PEOPLE } from '../../lab/people.ts'

const AT = Date.parse('2026-01-05T08:00:00Z')
const BACK = '{ id: back, allow: [task.rollback], to: [operator] }'
const TWO = 'require: { approvals: { count: 2, from: [approver], notRequester: true } }'

function askedOf(rules: readonly string[], actor: Principal = PEOPLE.alice) {
  const text = `version: 1
roles:
  operator: { members: ["corp:group:netops", "corp:sub:hero"] }
  hero: { members: ["corp:sub:hero"] }
  approver: { members: ["corp:group:leads"], maxAuthAgeSec: 900 }
rules:
${rules.map((rule) => `  - ${rule}\n`).join('')}`
  const read = readPolicy(text, 'policy.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  const devices = ['leaf1', 'spine1'].map((name) => ({ name, tags: { role: name.slice(0, -1) } }))
  return {
    project: { policy: () => ({ policy: read.value, digest: 'd' }), inventory: () => ({ devices }) },
    clock: { now: () => AT },
    words: hintWords,
    principal: actor,
  } as unknown as Asked
}

/** Who asks, and where it is decided. */
type Asked = PolicyContext & SilentCaller

const planOf = (...devices: readonly string[]) =>
  partOf<Plan>({
    content: {
      requesters: [],
      waves: [devices],
      workflow: { file: 'w.yaml' },
      approve: null,
      atomic: 'change',
      concurrency: 10,
      timers: { verifyWithin: 180, confirmWithin: 600 },
    },
  })

const demanded = (asked: Asked, devices: readonly string[], breakGlass?: BreakGlass) =>
  demandsOn(asked, asked, planOf(...devices), { isAsked: false, breakGlass }).map(({ by, count }) => `${by} ${count}`)

describe('what is demanded of a plan', () => {
  test('a confirm that is denied makes the push need no fewer approvals', () => {
    const push = `{ id: push, allow: [execution.start, task.push], to: [operator], ${TWO} }`
    expect(demanded(askedOf([push, BACK]), ['leaf1'])).toContain('push 2')
  })

  test('nor does a denial on one of its switches', () => {
    const rules = [
      `{ id: push, allow: [execution.start, task.push], to: [operator], ${TWO} }`,
      '{ id: confirm, allow: [task.confirm], to: [operator], on: { tags: ["role:spine"] }, require: { approvals: { count: 3 } } }',
    ]
    const names = demanded(askedOf(rules), ['leaf1', 'spine1'])
    expect(names).toEqual(expect.arrayContaining(['push 2', 'confirm 3']))
  })

  test('nor a login that has grown too old to start it', () => {
    const rules = [
      `{ id: start, allow: [execution.start], to: [operator], when: { maxAuthAgeSec: 60 }, ${TWO} }`,
      '{ id: push, allow: [task.push, task.confirm], to: [operator] }',
    ]
    expect(demanded(askedOf(rules), ['leaf1'])).toContain('start 2')
  })

  test('a glass that is broken for the leaves only leaves the spines their approvals', () => {
    const rules = [
      `{ id: change, allow: [execution.start, task.push, task.confirm], to: [operator], on: { tags: ["role:spine"] }, ${TWO} }`,
      '{ id: fire, allow: [breakglass.use, execution.start, task.push, task.confirm], to: [hero], on: { tags: ["role:leaf"] }, when: { reason: ticket } }',
      '{ id: smoke, allow: [breakglass.use], to: [hero], when: { reason: ticket } }',
    ]
    const asked = askedOf(rules, PEOPLE.hero)
    const broken = { reason: 'INC-1', since: AT }
    expect(demanded(asked, ['leaf1'], broken)).toEqual([])
    expect(demanded(asked, ['leaf1', 'spine1'], broken)).toEqual(['change 2'])
  })

  test('whoever may do none of it is asked for one approval', () => {
    expect(demanded(askedOf([BACK], PEOPLE.dave), ['leaf1'])).toEqual(['the workflow 1'])
  })
})

test('the roles of an approver are those at the time of the approval', () => {
  const { rolesOf } = termsOf(askedOf([BACK]), askedOf([BACK]))
  const bob = { ...PEOPLE.bob, authenticatedAt: '2026-01-05T07:00:00Z' }
  expect(rolesOf(bob, Date.parse('2026-01-05T07:15:00Z'))).toEqual(['approver'])
  expect(rolesOf(bob, Date.parse('2026-01-05T07:15:01Z'))).toEqual([])
})
