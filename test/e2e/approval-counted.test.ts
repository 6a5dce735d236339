import { expect, test } from 'vitest'
import { type Lab, startLab } from './in-memory.ts'
import { PEOPLE, type Person, SETTINGS, twoApprovers } from './policy-people.ts'
import { inventoryOf } from './vlan-change.ts'

const POLICY = twoApprovers('operator, approver, helper')

/** What each person's approval of the execution of zoe answers, in their order, and of each as JSON the counts alone. */
async function approvals(...people: readonly Person[]): Promise<{ lab: Lab; id: string; said: readonly string[] }> {
  let who: Person = 'zoe'
  const lab = startLab({ seams: (seams) => ({ ...seams, principal: PEOPLE[who] }) })
  lab.write('inventory.yaml', inventoryOf(lab.fabric))
  lab.write('eosflow.yaml', SETTINGS)
  lab.write('policy.yaml', POLICY)
  const id = /Execution (\S+):/.exec((await lab.eosflow('run', 'workflow.yaml', '--detach')).out)?.[1] ?? ''
  const said: string[] = []
  for (const person of people) {
    who = person
    const { code, out, err } = await lab.eosflow('approve', id)
    expect(code, err).toBe(0)
    const [, line = '', ...rest] = /(approved [\s\S]*)$/.exec(out)?.[1]?.split(/^approved \S+ as /m) ?? []
    expect(rest).toEqual([])
    said.push(line.replaceAll(id, 'ID'))
  }
  return { lab, id, said }
}

test('whoever approves reads how many approvals count, and that theirs does not', async () => {
  const waits = (have: number): string =>
    `Not enough yet, others must approve it too: ${have} of 2 (2 approvals by approver, from different people, not from whoever made the plan)\nNext: eosflow approve ID\n`
  const { said } = await approvals('zoe', 'dave', 'bob', 'bobToo', 'carol')
  expect(said.map((line) => line.slice(line.indexOf('\n') + 1))).toEqual([
    waits(0),
    waits(0),
    waits(1),
    waits(1),
    'Next: eosflow resume ID\n',
  ])
})
