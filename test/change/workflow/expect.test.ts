import { describe, expect, test } from 'vitest'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { builtinChecks } from '../../../src/eos/check/builtin/index.ts'

const compiled = (verify: string, snapshot = '{ state: [vlan, bgp] }') =>
  compileWorkflow(
    `name: x
params: { vlan: { type: integer } }
targets: leaf1
change: { mode: merge, lines: ['vlan {{ vlan }}'] }
steps:
  - snapshot: ${snapshot}
  - plan
  - push: { confirmWithin: 10m }
  - verify: ${verify}
  - confirm
`,
    'x.yaml',
    { files: () => undefined, checks: builtinChecks, policyPresent: false },
  )

const problems = (verify: string, snapshot?: string) => {
  const result = compiled(verify, snapshot)
  return result.ok ? [] : result.problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`)
}

const workflowOf = (verify: string, snapshot?: string) => {
  const result = compiled(verify, snapshot)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

describe('expect', () => {
  test('becomes one check behind the others, over the areas that the snapshot reads', () => {
    const { checks } = workflowOf(
      `{ checks: [reachable], expect: { vlan: { added: ['{{ vlan }}'] }, everythingElse: unchanged } }`,
    )
    expect(checks.map(({ name, input }) => [name, input])).toEqual([
      ['reachable', {}],
      [
        'expected-change',
        { areas: ['vlan', 'bgp'], expected: { vlan: { added: ['{{ vlan }}'] } }, everythingElse: 'unchanged' },
      ],
    ])
  })

  test('without everythingElse compares what it names', () => {
    const [check] = workflowOf('{ expect: { bgp: { changed: [10.0.0.1] } } }').checks
    expect(check?.input).toEqual({ areas: ['bgp'], expected: { bgp: { changed: ['10.0.0.1'] } } })
  })

  test.each<[string, string, readonly string[], string?]>([
    ['an area that nobody reads', '{ expect: { mlag: { changed: [x] } } }', ['expect-needs-state 9:25']],
    ['an area that is none', '{ expect: { vlans: { added: [1] } } }', ['unknown-key 9:25']],
    ['a key that is none', '{ expect: { vlan: { add: [1] } } }', ['unknown-key 9:33']],
    ['another word for the rest', '{ expect: { everythingElse: same } }', ['invalid-value 9:41']],
    ['a tolerance that is none', '{ expect: { vlan: { tolerance: some } } }', ['invalid-value 9:44']],
    ['nothing', '{ expect: {} }', ['nothing-expected 9:23']],
    ['the rest of nothing', '{ expect: { everythingElse: unchanged } }', ['expect-needs-state 9:25'], '{ state: [] }'],
    ['neither checks nor expectations', '{ within: 1m }', ['missing-key 9:5']],
    [
      'neighbours that nobody hears',
      '{ checks: [reachable] }',
      ['neighbors-need-lldp 6:32'],
      '{ state: [vlan], neighbors: 4 }',
    ],
  ])('refuses %s', (_, verify, expected, snapshot) => {
    expect(problems(verify, snapshot)).toEqual(expected)
  })
})
