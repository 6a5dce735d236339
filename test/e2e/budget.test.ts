import { expect, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { exits, openLab, withAppends, workflowFor } from '../lab/lab.ts'

/** A lab in which budgets hold, with workflows, and all that its commands put on record. */
function labOf(
  settings: string,
  files: Readonly<Record<string, string>>,
  { on = () => undefined }: { readonly on?: (event: EventBody) => void | Promise<void> } = {},
) {
  const records: JournalEvent[] = []
  const seams = withAppends({
    before: async (events) => {
      for (const event of events) await on(event)
    },
    behind: (written) => records.push(...written),
  })
  return { lab: openLab({ seams, files: { 'eosflow.yaml': settings, ...files } }), records }
}

const ONE_LEAF = "maxUnderChange: [{ on: 'leaf*', max: 1 }]\n"
const SLOW = { verify: '{ within: 60s, stableFor: 20s, every: 2s, checks: [reachable] }' }
const FILES = { 'one.yaml': workflowFor('leaf1', SLOW), 'three.yaml': workflowFor('leaf3', SLOW) }

/** The most switches that were counted as under change at once. */
function mostCounted(records: readonly JournalEvent[]) {
  const counted = new Map<string, number>()
  let most = 0
  for (const { execution = '', ...event } of records) {
    if (event.type === 'SharesTaken') counted.set(execution, (counted.get(execution) ?? 0) + event.shares.length)
    if (event.type === 'SharesGivenBack') counted.set(execution, (counted.get(execution) ?? 0) - event.shares.length)
    if (event.type === 'ExecutionEnded') counted.delete(execution)
    most = Math.max(
      most,
      [...counted.values()].reduce((sum, one) => sum + one, 0),
    )
  }
  return most
}

test('[F41] of two changes one waits where one leaf may be under change, and says for whom; then it goes on', {
  tags: 'long',
}, async () => {
  const { lab, records } = labOf(ONE_LEAF, FILES)
  const [first, second] = await Promise.all([lab.agreed('run one.yaml'), lab.agreed('run three.yaml')])
  expect([first.code, second.code]).toEqual([0, 0])
  expect(mostCounted(records)).toBe(1)
  const [waited, ...others] = records.filter(({ type }) => type === 'SharesAwaited')
  expect(others).toEqual([])
  const began = records.find(({ type }) => type === 'SharesTaken')
  expect(waited).toMatchObject({
    full: [{ budget: 'leaf*', max: 1, held: [{ execution: began?.execution, since: began?.at }], before: [] }],
  })
  expect(first.err + second.err).toContain(
    `waiting: at most 1 of leaf* may be under change (${began?.execution} since ${began?.at})`,
  )
})

test('with --no-wait it ends with exit 9 and sends nothing, and a budget of two lets both go on', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, records } = labOf(ONE_LEAF, FILES)
  const ends = await Promise.all([lab.agreed('run one.yaml --no-wait'), lab.agreed('run three.yaml --no-wait')])
  expect(ends.map(({ code }) => code).toSorted()).toEqual([0, 9])
  const refused = ends.find(({ code }) => code === 9)
  const began = records.find(({ type }) => type === 'SharesTaken')
  expect(refused?.err).toContain(
    `at most 1 of leaf* may be under change at once: ${began?.execution} since ${began?.at}`,
  )
  const two = labOf("maxUnderChange: [{ on: 'leaf*', max: 2 }]\n", FILES)
  await Promise.all([two.lab.agreed('run one.yaml'), two.lab.agreed('run three.yaml')])
  expect(two.records.filter(({ type }) => type === 'SharesAwaited')).toEqual([])
  expect(mostCounted(two.records)).toBe(2)
})

test('more than a budget allows is no plan where all are confirmed together, and goes wave by wave where waves are', {
  tags: ['long', 'turn'],
}, async () => {
  const together = workflowFor('leaf*').replace('[1], keepApart: mlag', "['100%']")
  const { lab, records } = labOf("maxUnderChange: [{ on: 'leaf*', max: 2 }]\n", {
    'together.yaml': together,
    'waves.yaml': together.replace("['100%']", "['100%'], keepApart: none, atomic: wave"),
  })
  const refused = await lab.eosflow('plan together.yaml')
  expect([refused.code, refused.err]).toEqual([
    10,
    expect.stringContaining(
      '✖ Plan: 4 switches of leaf* would be under change at once (leaf1, leaf2, leaf3, leaf4), because all are confirmed together, and `maxUnderChange` allows 2',
    ),
  ])
  const validated = await lab.eosflow('validate together.yaml')
  expect(validated.out).toContain('if all of them change: 4 switches of leaf* would be under change at once')
  const { code, err } = await lab.agreed('run waves.yaml')
  expect([code, err]).toEqual([0, expect.stringContaining('Waves: leaf1,leaf2 +4 -0 → leaf3,leaf4 +4 -0')])
  expect(mostCounted(records)).toBe(2)
  expect(records.filter(({ type }) => type === 'SharesAwaited')).toEqual([])
})

test('what is put back while others go on gives its share back', { tags: ['long', 'turn'] }, async () => {
  const apart = workflowFor('leaf1 or leaf3')
    .replace(/lines: .*\]/, "file: '{{ device.name }}.cfg'")
    .replace('waves: [1], keepApart: mlag', 'waves: [1], atomic: device, maxFailures: 1')
  const { lab, records } = labOf(ONE_LEAF, {
    'apart.yaml': apart,
    'leaf1.cfg': 'vlan 997\n',
    'leaf3.cfg': 'vlan 998\n',
  })
  const { code, out } = await lab.agreed('run apart.yaml --no-wait')
  expect([code, out]).toEqual([8, expect.stringMatching(/leaf1 +.*BEFORE[\s\S]*leaf3 +.*AFTER/)])
  expect(records.flatMap((event) => (event.type === 'SharesGivenBack' ? event.devices : []))).toEqual([
    'leaf1',
    'leaf3',
  ])
  expect(mostCounted(records)).toBe(1)
})

test('[F41] killed between its share and its commit: others wait as long as its lease lasts, and it goes on with the share or with another', {
  tags: 'long',
}, async () => {
  const whole = labOf(ONE_LEAF, FILES)
  await whole.lab.eosflow('plan one.yaml -o change.plan')
  await whole.lab.eosflow('approve change.plan')
  await whole.lab.eosflow('run change.plan')
  const own = whole.records.filter(({ execution }) => execution === whole.records.at(-1)?.execution)
  const taken = own.findIndex(({ type }) => type === 'SharesTaken') + 1
  expect(taken).toBeGreaterThan(5)
  for (const isLate of [false, true]) {
    const lab = openLab({ files: { 'eosflow.yaml': ONE_LEAF, ...FILES } })
    await lab.eosflow('plan one.yaml -o change.plan')
    await lab.eosflow('approve change.plan')
    await lab.killIn(() => lab.eosflow('run change.plan'), `event-${taken}`)
    const [killed] = JSON.parse((await lab.eosflow('executions --json')).out).executions
    if (isLate) await lab.clock.advance(481_000)
    const other = await lab.agreed('run three.yaml --no-wait')
    expect(other.code, other.out + other.err).toBe(isLate ? 0 : 9)
    await lab.ok('resume', killed.id)
    await exits(0, lab.agreed('run three.yaml --no-wait'))
  }
})

test('a switch that fails before anything was sent to it gives its share back, so that the next one goes on', {
  tags: ['long', 'turn'],
}, async () => {
  const apart = workflowFor('leaf1 or leaf3').replace(
    'waves: [1], keepApart: mlag',
    'waves: [1], atomic: device, maxFailures: 1',
  )
  const { lab, records } = labOf(
    ONE_LEAF,
    { 'apart.yaml': apart },
    {
      on: ({ type }) => {
        if (type === 'SharesTaken') lab.fault({ device: 'leaf1', kind: 'unreachable' })
      },
    },
  )
  const { code, out, err } = await lab.agreed('run apart.yaml --no-wait')
  expect([code, out], err).toEqual([8, expect.stringMatching(/leaf1 +.*BEFORE[\s\S]*leaf3 +.*AFTER/)])
  expect(mostCounted(records)).toBe(1)
})
