import { describe, expect, test } from 'vitest'
import { builtinTasks } from '../../../../src/change/task/builtin/index.ts'
import { compileWorkflow } from '../../../../src/change/workflow/compile.ts'
import { knownChecks } from '../../../../src/eos/check/builtin/known-checks.ts'
import { smallChangeText } from '../../../../src/project/authoring/small-change/workflow-text.ts'

const textOf = (lines: readonly string[], switches = 1) => smallChangeText({ name: 'change', lines, switches })
const checksIn = (lines: readonly string[]) => /checks: \[(.*)\]/.exec(textOf(lines))?.[1] ?? ''

const QUIET = 'reachable'
const USUAL = 'reachable, bgp-established, mlag-healthy, interfaces-up, lldp-as-before'

describe('the workflow of typed lines', () => {
  test('is what the page says', () => {
    expect(textOf(['interface Ethernet10', "   description Ann's host: {1}"])).toBe(`name: change
description: Lines that were typed
targets: '*'
change:
  mode: merge
  lines:
    - 'interface Ethernet10'
    - '   description Ann''s host: {1}'
rollout: { waves: [1, 50%, 100%] }
steps:
  - snapshot: { state: [interfaces, bgp, lldp, mlag] }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify: { checks: [reachable] }
  - confirm
onFailure: rollback
`)
  })

  test('compiles, and has the lines as they were typed', () => {
    const lines = ['interface Ethernet10', "   description Ann's #1: 'x' \\n & *y"]
    const compiled = compileWorkflow(textOf(lines, 40), 'w.yaml', {
      files: () => undefined,
      policyPresent: false,
      checks: knownChecks,
      tasks: builtinTasks,
    })
    if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join('\n'))
    const { source } = compiled.value.change
    expect(source.from === 'lines' ? source.lines.map(({ text }) => text) : source).toEqual(lines)
  })

  test.each([
    ['a description', ['interface Ethernet10', '   description X'], QUIET],
    [
      'descriptions of several ports',
      ['interface Ethernet1', '   no description', 'interface Vlan10', '   description X'],
      QUIET,
    ],
    ['a VLAN that may be new with its name', ['vlan 10', '   name X'], USUAL],
    ['a port and nothing under it', ['interface Ethernet10'], USUAL],
    ['a description and an address', ['interface Ethernet10', '   description X', '   ip address 192.0.2.1/31'], USUAL],
    ['a description of a BGP neighbour', ['router bgp 1', '   neighbor 192.0.2.1 description X'], USUAL],
    ['NTP', ['ntp server 192.0.2.1'], USUAL],
    ['a line that nothing knows', ['frobnicate 3'], USUAL],
  ])('%s is verified by what its kind can touch', (_name, lines, checks) => {
    expect(checksIn(lines)).toBe(checks)
  })

  test.each([
    [1, '10m'],
    [2, '14m'],
    [20, '20m'],
    [100, '1h8m'],
  ])('for %i switches its commit timer outlives all waves', (switches, timer) => {
    expect(textOf(['vlan 10'], switches)).toContain(`confirmWithin: ${timer} }`)
  })
})
