import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import {
  allLeaves,
  exits,
  inventoryOf,
  type Lab,
  type LabOptions,
  NO_COMMIT,
  openLab,
  PEOPLE,
  PUT_BACK_ONCE,
  policyWith,
  runningConfig,
} from '../lab/lab.ts'

/** A lab with the table's policy and an approved execution on leaf1 that alice goes on with. */
async function approved(options: Pick<LabOptions, 'before'>): Promise<{ lab: Lab; as: Lab['as']; id: string }> {
  const lab = openLab({ ...options, policy: policyWith(), tags: allLeaves, caller: PEOPLE.alice })
  const { as } = lab
  const id = /Execution (\S+):/.exec((await as('alice', 'run', 'workflow.yaml', '--detach')).out)?.[1] ?? ''
  await exits(0, as('bob', 'approve', id))
  return { lab, as, id }
}

const historyOf = async (lab: Lab, as: Lab['as'], id: string): Promise<readonly JournalEvent[]> => {
  lab.write('policy.yaml', policyWith())
  return JSON.parse((await as('alice', 'history', id, '--json')).out) as readonly JournalEvent[]
}

const isCommit = (commands: readonly string[]) => commands.some((command) => command.includes(' commit timer '))

test('what the runner may not confirm is not pushed with fewer approvals than its rule demands', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({
    policy: policyWith({ rules: ['{ id: no, deny: [task.confirm], to: [operator] }'] }),
    tags: allLeaves,
    caller: PEOPLE.zoe,
  })
  const id = /Execution (\S+):/.exec((await lab.eosflow('run workflow.yaml --detach')).out)?.[1] ?? ''
  const approved = await lab.eosflow(`approve ${id}`)
  const said = expect.stringContaining('the same person made the plan')
  expect([approved.code, approved.out + approved.err]).toEqual([4, said])
  await lab.exits(12, `resume ${id}`)
  expect(lab.commits('leaf1')).toEqual(NO_COMMIT)
})

describe('a policy that changes while a change is live', () => {
  const TIGHTER: readonly (readonly [string, string, string])[] = [
    [
      'the confirm is denied',
      policyWith({ rules: ['{ id: no, deny: [task.confirm], to: [operator] }'] }),
      'task.confirm',
    ],
    ['everything is denied, the way back too', 'version: 1\n', 'task.verify'],
    ['the file is no longer good', 'version: 2\n', 'task.verify'],
  ]
  test.each(TIGHTER)(
    '[G87] %s: the switch is put back, and nothing is confirmed',
    { tags: 'long' },
    async (_name, tighter, needs) => {
      const { lab, as, id } = await approved({
        before: async (one, _device, commands) => {
          if (isCommit(commands)) one.write('policy.yaml', tighter)
        },
      })
      const before = runningConfig(lab.device('leaf1') as never)
      await exits(6, as('alice', 'resume', id))
      const leaf = lab.device('leaf1')
      expect(leaf.counters().commits).toEqual(PUT_BACK_ONCE)
      expect(runningConfig(leaf as never)).toBe(before)
      const events = await historyOf(lab, as, id)
      expect(events.find(({ type }) => type === 'AccessDenied')).toMatchObject({ needs })
      const push = events.find((event) => event.type === 'TaskStarted' && event.state === 'Push')
      expect(push).toMatchObject({ decision: { rules: ['leaf'], rollback: ['leaf'] } })
    },
  )

  test.each([
    ['tightened', 4, policyWith({ rules: ['{ id: no, deny: [task.push], to: [operator] }'] })],
    ['loosened', 5, policyWith().replace('count: 1, from: [approver], ', '')],
    [
      'edited in what does not concern the change',
      5,
      policyWith({ rules: ['{ id: more, allow: [audit.read], to: [admin] }'] }),
    ],
  ])(
    '%s between approval and push, nothing is sent: exit %s',
    { tags: ['long', 'turn'] },
    async (_name, code, edited) => {
      const { lab, as, id } = await approved({})
      lab.write('policy.yaml', edited)
      const sent = lab.device('leaf1').requests().length
      expect((await as('alice', 'resume', id)).code).toBe(code)
      // Whoever goes on asks three times whether the switch is untouched, and writes nothing.
      expect(lab.device('leaf1').requests().length).toBe(sent + 3)
      expect(lab.commits('leaf1')).toEqual(NO_COMMIT)
    },
  )

  test('a switch that has other tags than when it was approved is not changed: exit 5', {
    tags: ['long', 'turn'],
  }, async () => {
    const { lab, as, id } = await approved({})
    lab.write('inventory.yaml', inventoryOf(lab.fabric).replaceAll('"tags":{', '"tags":{"role":"leaf","site":"lab",'))
    await exits(5, as('alice', 'resume', id))
    expect(lab.commits('leaf1').timed).toBe(0)
  })
})
