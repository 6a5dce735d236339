// @module-tag long
import { describe, expect, test } from 'vitest'
import { exits, type Lab, openLab, PEOPLE, twoApprovers } from '../lab/lab.ts'

const POLICY = twoApprovers('operator, approver, helper')
const idIn = (out: string) => /Execution (\S+):/.exec(out)?.[1] ?? ''

/** A lab under a policy in which whoever calls is who is said. */
const policedLab = (): Lab => openLab({ policy: POLICY, caller: PEOPLE.zoe })

describe('an undo under a policy', () => {
  test('[3A8] has demands of its own: both approvers must approve it, and then zoe takes the change back by herself', async () => {
    const lab = policedLab()
    const { as } = lab
    await exits(0, as('zoe', 'plan', 'workflow.yaml', '-o', 'a.plan'))
    const bob = await exits(0, as('bob', 'approve', 'a.plan', '--with-undo', '24h'))
    expect(bob.out).toContain('Not enough yet for the undo, others must approve it too: 1 of 2')
    // Who reads the first words must not take it for approved.
    expect(bob.out).not.toContain('approved its undo')
    expect(bob.out).toMatch(/\nyour approval of its undo [0-9a-f]{8} holds until 2026-/)
    await exits(0, as('carol', 'approve', 'a.plan', '--with-undo', '24h'))
    const id = idIn((await exits(0, as('zoe', 'run', 'a.plan'))).out)
    expect(lab.whereIs('leaf1')).toBe('AFTER')
    const back = await exits(0, as('zoe', 'rollback', id))
    expect(back.err).toContain('by the undo that bob, carol approved with the change')
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('is the same whoever approves it, also where the login of who made the plan names no person', {
    tags: 'turn',
  }, async () => {
    const lab = policedLab()
    const { as } = lab
    await exits(0, as('alice', 'plan', 'workflow.yaml', '-o', 'a.plan'))
    await exits(0, as('bob', 'approve', 'a.plan', '--with-undo', '24h'))
    await exits(0, as('carol', 'approve', 'a.plan', '--with-undo', '24h'))
    const id = idIn((await exits(0, as('alice', 'run', 'a.plan'))).out)
    await exits(0, as('alice', 'rollback', id))
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('that one of two has approved is not used', { tags: 'turn' }, async () => {
    const lab = policedLab()
    const { as } = lab
    await exits(0, as('zoe', 'plan', 'workflow.yaml', '-o', 'a.plan'))
    await exits(0, as('bob', 'approve', 'a.plan', '--with-undo', '24h'))
    await exits(0, as('carol', 'approve', 'a.plan'))
    const id = idIn((await exits(0, as('zoe', 'run', 'a.plan'))).out)
    const back = await exits(12, as('zoe', 'rollback', id))
    expect(back.err).toContain(
      '! the undo that was approved with the change is not used: 1 of the 2 approvals that change asks for',
    )
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })

  test('holds as long as the approvals do that it needs, and says so', { tags: 'turn' }, async () => {
    const lab = policedLab()
    const { as } = lab
    await exits(0, as('zoe', 'plan', 'workflow.yaml', '-o', 'a.plan'))
    await exits(0, as('bob', 'approve', 'a.plan', '--with-undo', '1h'))
    const carol = await exits(0, as('carol', 'approve', 'a.plan', '--with-undo', '24h'))
    expect(carol.out).toMatch(/approved its undo [0-9a-f]{8} until 2026-01-05T09:00:00.000Z\n/)
    const ran = await exits(0, as('zoe', 'run', 'a.plan'))
    expect(ran.out).toContain('Its undo is approved until 2026-01-05T09:00:00.000Z: ')
    await lab.clock.advance(3_600_000)
    await exits(12, as('zoe', 'rollback', idIn(ran.out)))
  })

  test('holds no longer than the policy lets an approval count', { tags: 'turn' }, async () => {
    const lab = policedLab()
    const { as } = lab
    lab.write('policy.yaml', POLICY.replace('count: 2,', 'count: 1, maxAge: 30m,'))
    await exits(0, as('zoe', 'plan', 'workflow.yaml', '-o', 'a.plan'))
    const bob = await exits(0, as('bob', 'approve', 'a.plan', '--with-undo', '24h'))
    expect(bob.out).toMatch(/approved its undo [0-9a-f]{8} until 2026-01-05T08:30:00.000Z\n/)
  })

  test('is not approved by whoever made the plan, and then neither is the plan', async () => {
    const { as } = policedLab()
    await exits(0, as('zoe', 'plan', 'workflow.yaml', '-o', 'a.plan'))
    const { err } = await exits(4, as('zoe', 'approve', 'a.plan', '--with-undo', '24h'))
    expect(err).toContain('the undo: the decision is not accepted: the approval of zoe does not count for change')
    expect(err).toContain('Neither the plan nor its undo was approved.')
  })

  test('lapses with the policy that it was approved under', { tags: 'turn' }, async () => {
    const lab = policedLab()
    const { as } = lab
    await exits(0, as('zoe', 'plan', 'workflow.yaml', '-o', 'a.plan'))
    for (const person of ['bob', 'carol'] as const)
      await exits(0, as(person, 'approve', 'a.plan', '--with-undo', '24h'))
    const id = idIn((await exits(0, as('zoe', 'run', 'a.plan'))).out)
    lab.write('policy.yaml', twoApprovers('operator, approver'))
    const back = await exits(12, as('zoe', 'rollback', id))
    expect(back.err).toContain('is not used: the policy has changed since the plan was made')
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })
})
