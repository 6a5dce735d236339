import { describe, expect, test } from 'vitest'
import type { Workflow } from '../../../../src/change/workflow/definition/workflow.ts'
import { changeText, mixedChange } from '../../../../src/change/workflow/habit/habits.ts'
import { linesOf } from '../../../table.ts'

const at = { file: 'w.yaml', line: 3, column: 12 }
const template = (text: string, mode: 'merge' | 'replace' = 'merge') => {
  const workflow: Pick<Workflow, 'change' | 'file'> = {
    file: 'workflows/w.yaml',
    change: { mode, source: { from: 'template', path: 't.j2', at } },
  }
  return mixedChange(changeText(workflow, (path) => (path === 'workflows/t.j2' ? text : undefined)))
}
const lines = (...text: string[]) =>
  mixedChange(
    changeText(
      {
        file: 'w.yaml',
        change: { mode: 'merge', source: { from: 'lines', lines: text.map((one) => ({ text: one, at })) } },
      },
      () => undefined,
    ),
  )

describe('a change of administration and services in one', () => {
  test('is named where the administration is', () => {
    const text =
      '{# users\nand VLANs #}\nvlan {{ vlan }}\n   name X\n{% if admin %}\nusername {{ admin }} secret sha512 {{ hash }}\n{% endif %}\n'
    expect(template(text).map(({ code, message, at: place }) => ({ code, message, place }))).toEqual([
      {
        code: 'mixed-change',
        message: 'the change touches administration (`username {{`) and services (`vlan {{`, line 3) in one',
        place: { file: 'workflows/t.j2', line: 6, column: 1 },
      },
    ])
  })

  test.each([
    ['aaa and an interface', ['aaa authorization exec default local', 'interface Ethernet1']],
    ['a user that goes, and BGP', ['no username bob', 'router bgp 65000']],
    ['management and a route', ['ip route 0.0.0.0/0 192.0.2.1', 'management ssh']],
  ])('names %s', (_, text) => {
    expect(lines(...text)).toHaveLength(1)
  })

  test.each([
    [
      'administration alone',
      linesOf(`
      username bob nopassword
      management ssh
         idle-timeout 10
      !
      end
    `),
    ],
    ['services alone', ['vlan 5', '   name username', 'ntp server 192.0.2.1', 'snmp-server location aaa']],
    ['what a template puts in', ['{{ lines }}', 'username bob nopassword']],
  ])('is not told of %s', (_, text) => {
    expect(lines(...text)).toEqual([])
  })

  test('a whole configuration holds both, and a named file of each switch is not seen', () => {
    expect(template('username a nopassword\nvlan 5\n', 'replace')).toEqual([])
    const file = { from: 'file', path: 'intended/{{ device.name }}.cfg', at } as const
    expect(changeText({ file: 'w.yaml', change: { mode: 'merge', source: file } }, () => 'vlan 5\n')).toEqual([])
  })
})
