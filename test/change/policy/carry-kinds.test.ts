import { expect, test } from 'vitest'
import { readPolicy } from '../../../src/change/policy/read-policy.ts'

const policyWith = (carry: string) => `version: 1
roles: { all: { members: ["corp:sub:bob"] } }
rules:
  - id: change
    allow: [task.push]
    to: [all]
    require: { approvals: { count: 1, carry: ${carry} } }
`

/** What is wrong with a policy: where, and in which words. */
function problemsOf(carry: string) {
  const read = readPolicy(policyWith(carry), 'policy.yaml')
  if (read.ok) return []
  return read.problems.map(({ at, message, hint }) => `${at.file}:${at.line}:${at.column}: ${message}; ${hint}`)
}

test('[3A3] a policy that lists a kind that touches traffic is refused by its place, and so is the former form', () => {
  expect(problemsOf('{ kinds: [interface.description, vlan.name] }')).toEqual([])
  expect(problemsOf('{ kinds: [interface.description, vlan] }')).toEqual([
    expect.stringMatching(/^policy\.yaml:7:79: .*`vlan\.name` or `interface\.description`.*not the text "vlan"/),
  ])
  expect(problemsOf('{ kinds: [interface] }')).toEqual([expect.stringMatching(/^policy\.yaml:7:56: /)])
  expect(problemsOf('{ kinds: [] }')).toHaveLength(1)
  expect(problemsOf('{}')).toHaveLength(1)
  expect(problemsOf('sameDiff')).toEqual([
    'policy.yaml:7:46: `carry: sameDiff` carried approvals over lines that touch traffic, and is refused; list the kinds of lines: `carry: { kinds: [interface.description, vlan.name] }`',
  ])
})
