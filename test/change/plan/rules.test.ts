import { expect, test } from 'vitest'
import { redactionOf } from '../../../src/change/plan/redaction.ts'
import { comparedRules, toolOf } from '../../../src/change/plan/rules.ts'
import { renderFile } from '../../../src/change/workflow/template/render.ts'
import { comparableText } from '../../../src/eos/config/vlan-sets.ts'
import { sha256 } from '../../../src/model/digest.ts'
import { planOf } from './material.ts'

const NOW = toolOf('0.1.0')

test('the rules have these versions', () => {
  expect(NOW).toEqual({ version: '0.1.0', renderer: 1, redaction: 1, volatile: 1, interpreter: 2 })
})

test('a plan is bound to the versions of its rules, and not to that of eosflow', () => {
  const changed = (planned: typeof NOW) =>
    Object.entries(comparedRules(planned, NOW)).flatMap(([name, one]) => (one.planned === one.found ? [] : [name]))
  expect(changed(toolOf('0.0.9'))).toEqual([])
  expect(changed({ ...NOW, renderer: 2 })).toEqual(['the version of the rules for templates'])
  expect(changed({ ...NOW, redaction: 2 })).toEqual(['the version of the rules for redaction'])
  expect(changed({ ...NOW, volatile: 0 })).toEqual(['the version of the rules for volatile lines'])
  expect(changed({ ...NOW, interpreter: 1 })).toEqual(['the version of the rules for state machines'])
})

const SHOWN = `! Command: show running-config
! device: leaf1 (DCS-7050SX3-48YC8, EOS-4.32.2F)
!
username admin secret sha512 $6$abcdefgh$ijklmnopqrstuvwxyz
snmp-server community s3cr3t ro
ntp clock-period 17179869
vlan 120
   name PROD
end
`

const TEMPLATE = `{% for vlan in vlans | sort(attribute='id') -%}
vlan {{ vlan.id }}
   name {{ vlan.name | default('VLAN' ~ vlan.id) | upper }}
{% endfor %}
ntp server {{ '192.0.2.0/24' | ansible.utils.ipaddr('1') | ansible.utils.ipaddr('address') }}
`

/**
 * Whoever changes what a rule gives for the same text changes a digest here, and raises the number of that rule in the same commit. The digest of
 * the plan holds the numbers too.
 */
test('what the rules give has not changed under their numbers', () => {
  const clean = redactionOf({ key: '5e'.repeat(32), workflow: 'w', bases: [] })
  const vlans = [{ id: 130 }, { id: 120, name: 'prod' }]
  const rendered = renderFile({ file: 't.j2', text: TEMPLATE }, { vlans }, () => undefined)
  expect({
    renderer: [NOW.renderer, rendered.ok ? rendered.value.text : rendered.problems],
    volatile: [NOW.volatile, sha256(comparableText(SHOWN))],
    redaction: [NOW.redaction, sha256(clean(SHOWN))],
    plan: [NOW.renderer, NOW.interpreter, planOf().digest],
  }).toEqual({
    renderer: [1, 'vlan 120\n   name PROD\nvlan 130\n   name VLAN130\nntp server 192.0.2.1\n'],
    volatile: [1, 'sha256:fe5739254b265ecfc09ae50a41764f2222b91e59186b95bb13ad5a034288e0eb'],
    redaction: [1, 'sha256:c7f90179266bac57f3abffbe46841b67e30fe41490f5d7dd0c3160053084914c'],
    plan: [1, 2, 'sha256:0e705452eb85a0b728908f011c2707230de4cd41588375add37acd959516a7d3'],
  })
})
