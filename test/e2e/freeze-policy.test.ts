import { describe, expect, test } from 'vitest'
import { allLeaves, type Ended, exits, inventoryOf, type Lab, openLab, PEOPLE, policyWith } from '../lab/lab.ts'

/** A lab under a policy, all of whose switches are leaves. */
const office = (policy: string): Lab => openLab({ policy, tags: allLeaves, caller: PEOPLE.alice })

describe('a freeze under a policy', () => {
  test('is set and ended by whoever may stop every switch, in a closed window too, and by nobody else', {
    tags: 'long',
  }, async () => {
    const { as } = office(policyWith({ window: 'closed', isFrozen: true }))
    const codes: Record<string, readonly number[]> = {}
    for (const who of [
      'alice',
      'bob',
      'dave',
      'hero',
      'admin',
      'ci',
      'bot',
      'botOfAlice',
      'otherAlice',
      'local',
    ] as const) {
      const set = await as(who, 'freeze', '--reason', 'INC-1')
      const other = await as('alice', 'freeze', '--reason', 'INC-2', '--json')
      const { freeze } = JSON.parse(other.out) as { freeze: number }
      const ended = await as(who, 'unfreeze', String(freeze), '--reason', 'x')
      codes[who] = [set.code, ended.code]
    }
    expect(codes).toEqual({
      alice: [0, 0],
      bob: [4, 4],
      dave: [4, 4],
      hero: [4, 4],
      admin: [4, 4],
      ci: [0, 0],
      bot: [4, 4],
      botOfAlice: [4, 4],
      otherAlice: [4, 4],
      local: [4, 4],
    })
  })

  test('is not set by whoever may stop some of the switches', async () => {
    const lab = office(policyWith())
    const { as } = lab
    lab.write('inventory.yaml', inventoryOf(lab.fabric).replace('"tags":{', '"tags":{"role":"core",'))
    const { code, err } = await as('alice', 'freeze', '--reason', 'INC-1')
    expect([code, err]).toEqual([4, expect.stringContaining('execution.stop')])
  })

  test('adds to the freezes of the policy and takes none of them away', { tags: ['long', 'turn'] }, async () => {
    const { as } = office(policyWith({ isFrozen: true }))
    await exits(0, as('alice', 'freeze', '--reason', 'INC-1'))
    const run = (): Promise<Ended> => as('alice', 'run', 'workflow.yaml', '--detach')
    const winter = [9, expect.stringContaining('the freeze `winter` holds until')]
    const both = await run()
    expect([both.code, both.err]).toEqual(winter)
    await exits(0, as('alice', 'unfreeze', '--all', '--reason', 'x'))
    const left = await run()
    expect([left.code, left.err]).toEqual(winter)
  })

  test('keeps back an emergency whose rule heeds freezes', async () => {
    const strict = policyWith().replace('when: { reason: ticket }', 'when: { reason: ticket, noFreeze: true }')
    expect(strict).not.toBe(policyWith())
    const { as } = office(strict)
    await exits(0, as('alice', 'freeze', '--reason', 'INC-1'))
    await exits(9, as('hero', 'run', 'workflow.yaml', '--break-glass', 'INC-1'))
    await exits(0, as('alice', 'unfreeze', '--reason', 'x'))
    await exits(0, as('hero', 'run', 'workflow.yaml', '--break-glass', 'INC-1'))
  })
})
