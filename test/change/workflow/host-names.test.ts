import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { changeLines } from '../../../src/change/workflow/template/change.ts'
import { knownChecks } from '../../../src/eos/check/builtin/known-checks.ts'
import { table } from '../../table.ts'
import { sightOf } from './states-file.ts'

const INVENTORY = `version: 1
groups: { all: { vars: { servers: [192.0.2.1, 192.0.2.2], device: odd } }, leafs: {} }
credentials: { lab: { username: lab, password: '\${env:X}' } }
defaults: { credentials: lab }
devices:
  leaf1.example.org: { host: 192.0.2.11, groups: [leafs], vars: { asn: 65001, label: WEB } }
`

/** The lines, or the problems, of a change with this line on the one switch. */
function typed(line: string, vars = 'vars: ansible, ') {
  const text = `version: 1
name: w
params: { label: { type: string, default: FROM-PARAM } }
targets: '*'
change: { ${vars}lines: [${JSON.stringify(line)}] }
steps: [snapshot: { state: [interfaces] }, plan, approve, push: { confirmWithin: 5m }, verify: { within: 1m, checks: [reachable] }, confirm]
`
  const compiled = compileWorkflow(text, 'w.yaml', {
    files: () => undefined,
    checks: knownChecks,
    policyPresent: false,
  })
  const said = (problems: readonly { readonly message: string; readonly hint?: string }[]) =>
    problems.map(({ message, hint }) => `${message} | ${hint}`).join('\n')
  if (!compiled.ok) return said(compiled.problems)
  const inventory = parseInventory(INVENTORY, 'inventory.yaml')
  const device = inventory.ok ? inventory.value.devices[0] : undefined
  if (device === undefined) throw new Error(inventory.ok ? 'no switch' : said(inventory.problems))
  const change = changeLines(compiled.value, { label: 'FROM-PARAM' }, sightOf(device), () => undefined)
  return change.ok ? change.value.lines.join('\n') : said(change.problems)
}

describe('vars: ansible', () => {
  test.each([
    ...table`
    router bgp {{ asn }}                          router bgp 65001
    {{ servers | join(' ') }}                     192.0.2.1 192.0.2.2
    hostname {{ inventory_hostname }}             hostname leaf1.example.org
    hostname {{ inventory_hostname_short }}       hostname leaf1
    {{ 'a' if 'leafs' in group_names else 'b' }}  a
    {{ hostvars['leaf1.example.org'].asn }}       65001
    {{ device.name }} {{ device.vars.device }}    leaf1.example.org odd
    name {{ label }}                              name FROM-PARAM
    {{ missing | default('none') }}               none
  `,
    [
      'name {{ missing }}',
      '`missing` is not defined | no parameter and no variable of this switch has this name; where it may be missing, write `missing | default(…)`',
    ],
  ])('[3N4] %s', (line, expected) => {
    expect(typed(line)).toBe(expected)
  })

  test('without it a variable has no name of its own', () => {
    expect(typed('router bgp {{ asn }}', '')).toContain('a variable is `device.vars.asn`')
  })
})
