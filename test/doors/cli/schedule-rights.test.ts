import { expect, test } from 'vitest'
import { json, type Lab, openLab, PEOPLE, type Person, policyWith, SETTINGS, withRoles } from '../../lab/lab.ts'

const SCHEDULES = `schedules:
  - { name: leaf-drift, cron: '*/5 * * * *', tz: UTC, do: drift, on: leaf1 }
  - { name: leaf-change, cron: '*/5 * * * *', tz: UTC, do: run, workflow: workflow.yaml }
`
const SPINE = "  - { name: spine-drift, cron: '*/5 * * * *', tz: UTC, do: drift, on: spine1 }\n"
/** Agents may start changes, as far as a rule can let them. */
const AGENTS =
  '{ id: agents, allow: [execution.start, execution.stop, task.push, task.confirm, task.rollback], to: ["kind:agent"] }'

/** Everybody may read the record. */
const READERS = '{ id: readers, allow: [audit.read], to: ["kind:person", "kind:service", "kind:agent"] }'

/** A lab under the policy of the people, in which one of them types. */
const labOf = (who: Person, schedules: string, rules: readonly string[] = []) =>
  openLab({
    caller: PEOPLE[who],
    tags: withRoles,
    policy: policyWith({ rules: [READERS, ...rules] }),
    files: { 'eosflow.yaml': `${SETTINGS}${schedules}` },
  })

interface AuditRecord {
  readonly type: string
  readonly needs?: string
  readonly change?: string
  readonly rules?: readonly string[]
  readonly requester?: { readonly id: string; readonly named?: readonly object[] }
}

/** What was begun and what was denied, as it is on record. */
async function recordsOf(lab: Lab, ...types: readonly string[]) {
  const { records } = (await json(lab.eosflow('audit list --json'))) as {
    readonly records: readonly { readonly event: AuditRecord }[]
  }
  return records.map(({ event }) => event).filter(({ type }) => types.includes(type))
}

const FIVE_MINUTES = 300_000

/** What a call of `schedule run` gives where something is due: its exit code, and how many occurrences have begun. */
async function called(lab: Lab, ...words: readonly string[]) {
  await lab.eosflow('schedule run')
  await lab.clock.advance(FIVE_MINUTES - (lab.clock.now() % FIVE_MINUTES) + 10_000)
  const { code } = await lab.eosflow('schedule run', ...words)
  return [code, (await recordsOf(lab, 'ScheduleFired')).length]
}

test('whoever may start one schedule has no other one run, neither by its name nor because it is due', async () => {
  // A pipeline may change leaves, and nothing else. That one runs, and finds nothing to compare.
  expect(await called(labOf('ci', SCHEDULES), 'leaf-drift')).toEqual([6, 1])
  const lab = labOf('ci', SCHEDULES + SPINE)
  expect(await called(lab, 'spine-drift')).toEqual([4, 0])
  expect(await called(lab)).toEqual([4, 0])
  const denials = await recordsOf(lab, 'AccessDenied')
  expect(denials.map(({ needs }) => needs)).toEqual(Array(4).fill('execution.start'))
})

test('an agent has no schedule push for it, whatever a rule lets it start: that is denied to every agent', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = labOf('bot', SCHEDULES, [AGENTS])
  expect(await called(lab, 'leaf-change')).toEqual([4, 0])
  expect(await called(lab)).toEqual([4, 0])
  const denials = await recordsOf(lab, 'AccessDenied')
  expect(denials.map(({ needs, rules }) => [needs, rules])).toEqual(Array(4).fill(['task.push', ['builtin-no-agent']]))
  expect(lab.requests()).toBe(0)
  // What changes nothing it may start as any of its reads. No switch was ever confirmed: a comparison of nothing is not good.
  expect(
    (await called(labOf('bot', SCHEDULES.slice(0, SCHEDULES.indexOf('  - { name: leaf-change')), [AGENTS])))[0],
  ).toBe(6)
})

test('whoever calls what runs schedules counts as a requester of what they begin, and gains no right by it', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = labOf('zoe', SCHEDULES)
  expect((await called(lab))[1]).toBe(2)
  const [begun] = await recordsOf(lab, 'ExecutionStarted')
  expect(begun?.requester).toMatchObject({
    id: 'schedule:leaf-change',
    kind: 'service',
    named: [{ issuer: 'corp', id: 'zoe', person: 'p-zoe' }],
  })
  expect(begun?.requester).not.toHaveProperty('onBehalfOf')
})

test('a schedule has nothing planned that its service may not plan', async () => {
  const nightly = "schedules:\n  - { name: nightly, cron: '0 23 * * *', tz: UTC, do: plan, workflow: workflow.yaml }\n"
  const lab = labOf('alice', nightly, ['{ id: none, deny: [plan.create], to: ["kind:service"] }'])
  expect(await called(lab, 'nightly')).toEqual([6, 1])
  expect(await recordsOf(lab, 'ExecutionStarted')).toEqual([])
})

test('whoever may start nothing takes no schedule out of force by settings without any', async () => {
  const lab = labOf('alice', SCHEDULES)
  await lab.eosflow('schedule run')
  lab.write('eosflow.yaml', SETTINGS)
  lab.write('policy.yaml', policyWith({ rules: [READERS, '{ id: out, deny: [execution.start], to: [operator] }'] }))
  await lab.exits(4, 'schedule run')
  const changes = await recordsOf(lab, 'ScheduleChanged')
  expect(changes.map(({ change }) => change)).toEqual(['loaded', 'loaded'])
})
