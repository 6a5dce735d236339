import { expect, test } from 'vitest'
import { type Lab, openLab, PEOPLE, type Person, twoApprovers } from '../lab/lab.ts'

const POLICY = twoApprovers('operator, approver, helper')

/** What each person's approval of the execution of zoe answers, in their order, and of each as JSON the counts alone. */
async function approvals(...people: readonly Person[]): Promise<{ lab: Lab; id: string; said: readonly string[] }> {
  const lab = openLab({ policy: POLICY, caller: PEOPLE.zoe })
  const id = /Execution (\S+):/.exec((await lab.eosflow('run workflow.yaml --detach')).out)?.[1] ?? ''
  const said: string[] = []
  for (const person of people) {
    const { code, out, err } = await lab.as(person, `approve ${id}`)
    if (code !== 0) {
      said.push(`${code} ${err.replaceAll(id, 'ID').split('\n')[0]}`)
      continue
    }
    const [, line = '', ...rest] = /(approved [\s\S]*)$/.exec(out)?.[1]?.split(/^approved \S+ as /m) ?? []
    expect(rest).toEqual([])
    said.push(line.replaceAll(id, 'ID'))
  }
  return { lab, id, said }
}

test('whoever approves reads how many approvals count, and that theirs does not', {
  tags: ['long', 'turn'],
}, async () => {
  const waits = (have: number) =>
    `Not enough yet, others must approve it too: ${have} of 2 (2 approvals by approver, from different people, not from whoever made the plan)\n`
  const { said } = await approvals('zoe', 'dave', 'bob', 'bobToo', 'carol')
  expect(said.map((line) => (line.startsWith('4 ') ? line : line.slice(line.indexOf('\n') + 1)))).toEqual([
    '4 ✖ not-approved: the decision is not accepted: the approval of zoe does not count for change: the same person made the plan',
    '4 ✖ not-approved: the decision is not accepted: the approval of dave does not count for change: it has to come from approver',
    waits(1),
    waits(1),
    'Nothing is missing. Those who may run it type: eosflow resume ID\n',
  ])
})

test('[U17] whoever approves a saved plan reads the same, and what can never count is refused before it is on record', async () => {
  const lab = openLab({ policy: POLICY, caller: PEOPLE.zoe })
  await lab.eosflow('plan workflow.yaml -o a.plan')
  const said: string[] = []
  for (const who of ['zoe', 'bob', 'bob', 'carol'] as const) {
    const { code, out, err } = await lab.as(who, 'approve a.plan')
    const answer = /approved \S+ as \S+\n([\s\S]*)$/.exec(out)?.[1] ?? out
    said.push(`${code} ${code === 0 ? answer : err.split('\n')[0]}`)
    if (said.length === 3) expect(err).toContain('! bob has approved this plan already, at 2026-01-05T')
  }
  const waits =
    '0 Not enough yet, others must approve it too: 1 of 2 (2 approvals by approver, from different people, not from whoever made the plan)\n'
  expect(said).toEqual([
    '4 ✖ not-approved: the decision is not accepted: the approval of zoe does not count for change: the same person made the plan',
    waits,
    waits,
    '0 Nothing is missing. Those who may run it type: eosflow run a.plan\n',
  ])
})
