import { expect, test } from 'vitest'
import { setFreeze } from '../../../../src/features/freeze/set-freeze.ts'
import type { Caller } from '../../../../src/project/identity/caller-of.ts'
import {
  ALICE,
  atRelease,
  BOB,
  BOTH_AFTER,
  BOTH_BEFORE,
  brokenLaws,
  once,
  type TeamInMemory,
  teamInMemory,
} from './team-in-memory.ts'

const CAROL: Caller = { ...BOB, principal: { ...BOB.principal, id: 'carol' } }

/** A policy under which each site alone may push: what it demands is demanded of all sites together. */
const policy = (push: string) => `version: 1
roles: { anyone: { members: ["kind:person", "kind:service"] } }
rules:
  - id: rest
    allow: [plan.create, plan.read, plan.approve, plan.reject, execution.start, execution.read, execution.stop, task.snapshot, task.plan, task.verify, task.confirm, task.rollback]
    to: [anyone]
  - { id: push, allow: [task.push], to: [anyone], ${push} }
`

const armed = (team: TeamInMemory) => ['leaf1', 'leaf3'].map((name) => team.lab.commits(name).timed)

test('how many switches may be changed at the same time is counted over all sites', { tags: 'long' }, async () => {
  const one = await teamInMemory()
  one.lab.write('policy.yaml', policy('on: { maxConcurrent: 1 }'))
  const alone = await one.begin('leaf1')
  await one.decide(alone)
  expect((await one.ended(alone)).outcome).toBe('succeeded')
  const team = await teamInMemory()
  team.lab.write('policy.yaml', policy('on: { maxConcurrent: 1 }'))
  const id = await team.begin()
  const whole = await team.ended(id)
  expect([whole.outcome, armed(team)]).toEqual(['refused', [0, 0]])
  expect(whole.compensation?.error.kind).toBe('not-authorised')
  expect(await brokenLaws(team, id)).toEqual([])
})

test('the approvals that a policy demands are demanded of the plan of all sites: without the second one no site pushes', {
  tags: 'long',
}, async () => {
  const team = await teamInMemory()
  team.lab.write('policy.yaml', policy('require: { approvals: { count: 2, distinct: identity } }'))
  const id = await team.begin()
  await team.decide(id)
  // Local users of one host are one person, whatever they are called.
  await team.decide(id, 'approve', CAROL)
  await team.passed(60_000)
  expect([(await team.state(id)).status, armed(team)]).toEqual(['running', [0, 0]])
  await team.decide(id, 'reject')
  expect([(await team.ended(id)).outcome, armed(team)]).toEqual(['refused', [0, 0]])
  expect(await brokenLaws(team, id)).toEqual([])
})

test('a switch that somebody changes between the approval and the push of its site keeps all sites from the change', {
  tags: 'long',
}, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.waiting(id)
  team.lab.fault({ kind: 'hand-edit', device: 'leaf3', lines: ['vlan 997', 'name SOMEBODY'] })
  team.lab.fault({ kind: 'hand-save', device: 'leaf3' })
  await team.decide(id)
  const whole = await team.ended(id)
  expect(['rolled-back', 'refused']).toContain(whole.outcome)
  expect(whole.compensation?.error.message).toMatch(/^south: /)
  expect(team.lab.commits('leaf3').timed).toBe(0)
  expect(team.truth().leaf1).toBe('BEFORE')
})

test('a freeze that begins behind the commit of one site keeps the other from its own, and puts the first one back', {
  tags: ['long', 'turn'],
}, async () => {
  let isFrozen = false
  const team: TeamInMemory = await teamInMemory({
    before: async (device, commands, { clock }) => {
      const isArm = commands.some((command) => command.includes('commit timer'))
      // The south is slower.
      if (device === 'leaf3' && !isFrozen && commands.some((one) => one.startsWith('configure checkpoint save')))
        await clock.sleep(30_000)
      if (device !== 'leaf1' || !isArm || isFrozen) return
      isFrozen = true
      await setFreeze(team.client, ALICE, { reason: 'core is unstable', lasts: 3600 })
    },
  })
  const id = await team.begin()
  await team.decide(id)
  const { outcome } = await team.ended(id)
  expect([isFrozen, outcome]).toEqual([true, 'rolled-back'])
  expect([armed(team), team.truth()]).toEqual([[1, 0], BOTH_BEFORE])
  expect(await brokenLaws(team, id)).toEqual([])
})

test('a freeze keeps nobody from going on with a whole whose worker has died behind the release of the confirm', {
  tags: ['long', 'turn'],
}, async () => {
  const { killed, struck } = once(atRelease('confirm', 'behind'))
  // The first drives the whole.
  const team = await teamInMemory({ killed, workers: [['west'], ['north'], ['south'], ['west']] })
  const id = await team.begin()
  await team.decide(id)
  await team.until(async () => struck() !== undefined)
  const { goOn, rest } = await setFreeze(team.client, ALICE, { reason: 'core is unstable', lasts: 3600 })
  expect([goOn.includes(id), rest]).toEqual([true, []])
  expect((await team.ended(id)).outcome).toBe('succeeded')
  expect(team.truth()).toEqual(BOTH_AFTER)
  expect(await brokenLaws(team, id)).toEqual([])
})
