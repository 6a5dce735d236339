import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { changeOfDiff } from '../../../src/change/plan/change-read.ts'
import { runPolicyTests } from '../../../src/change/policy/policy-tests.ts'
import { readPolicy } from '../../../src/change/policy/read-policy.ts'

test('the policy of docs/a-week.md asks of each change what the page says', () => {
  const page = readFileSync(new URL('../../../docs/a-week.md', import.meta.url), 'utf8')
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []
  const read = readPolicy(text, 'policy.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ at, message }) => `${at.line}: ${message}`).join('\n'))
  const results = runPolicyTests(read.value, { tagsOf: () => undefined, changeOf: changeOfDiff })
  expect(results.map(({ name, failures }) => [name, failures])).toEqual([
    ['Monday, a VLAN of theirs by day', []],
    ['Monday, descriptions by day', []],
    ['Tuesday, a VLAN of somebody else waits for the night', []],
    ['Tuesday, BGP by an operator', []],
    ['Tuesday, BGP by a lead', []],
    ['Wednesday, a VLAN that goes waits for the night', []],
    ['Friday, a VRF does not go', []],
  ])
  // Thursday: what was approved by day carries, and nothing else does.
  expect(
    results.map(({ decision }) =>
      decision.obligations.approvals.flatMap(({ by, carry }) => (carry === undefined ? [] : [`${by} ${carry.kinds}`])),
    ),
  ).toEqual([['standard interface.description,vlan.name'], [], [], [], [], [], []])
})
