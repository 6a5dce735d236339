import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { unsavedSection } from '../../src/report/page/approval.ts'
import { isSaved, openLab } from '../lab/lab.ts'

const NOT_SAVED =
  'leaf1: running-config is not saved (2 lines differ from startup-config), and there is nothing to change here'

test('a change that a switch runs and has not saved is there until a reboot: plan and run say so', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  lab.fault({ device: 'leaf1', kind: 'hand-edit', lines: ['vlan 998', 'name TESTED'] })
  for (const argv of [
    ['plan', 'workflow.yaml'],
    ['plan', 'workflow.yaml', '--markdown'],
    ['plan', 'workflow.yaml', '--json'],
    ['run', 'workflow.yaml'],
  ]) {
    const { code, out, err } = await lab.eosflow(...argv)
    const said = (out + err).replace(/\s+/g, ' ')
    expect([argv[0], code]).toEqual([argv[0], 0])
    expect(said, argv.join(' ')).toContain(argv.includes('--json') ? NOT_SAVED.slice('leaf1: '.length) : NOT_SAVED)
  }
  expect(isSaved(lab.device('leaf1'))).toBe(false)
})

const SECRET = 'hunter2hunter2'

describe('lines that somebody has not saved', () => {
  const lab = () => {
    const made = openLab({ targets: 'leaf1 or leaf2 or leaf3' })
    for (const device of ['leaf1', 'leaf3'])
      made.fault({
        device,
        kind: 'hand-edit',
        lines: ['vlan 777', 'name FORGOTTEN', 'exit', `snmp-server community ${SECRET} ro`],
      })
    made.fault({ device: 'leaf2', kind: 'hand-edit', lines: ['no lldp run'] })
    return made
  }

  test('[3C3] are shown before the approval, equal ones once, without secrets: text, Markdown, JSON', async () => {
    const one = lab()
    const { out: text } = await one.ok('plan workflow.yaml -o a.plan')
    expect(text).toMatch(
      /\n! Lines that somebody has not saved, and that the confirm saves too:\nleaf1 leaf3: 3 lines\n {2}\+ snmp-server community <redacted:\w+> ro\n {2}\+ vlan 777\n {2}\+ {4}name FORGOTTEN\nleaf2: 1 line\n {2}\+ no lldp run\n/,
    )
    expect(text).not.toContain('running-config is not saved')
    const { out: markdown } = await one.ok('plan workflow.yaml --markdown')
    expect(markdown).toContain('#### ⚠ Lines that somebody has not saved, and that the confirm saves too\n')
    expect(markdown).toMatch(/```diff\n[^`]*\+ vlan 777\n\+ {4}name FORGOTTEN\n[^`]*```/)
    const { out: json } = await one.ok('plan workflow.yaml --json')
    const { plan } = JSON.parse(json) as { plan: Plan }
    expect(plan.content.devices.map(({ unsaved }) => unsaved?.count)).toEqual([3, 1, 3])
    expect(text + markdown + json + readFileSync(join(one.dir, 'a.plan'), 'utf8')).not.toContain(SECRET)
    expect(String(unsavedSection(plan.content))).toMatch(/Lines that somebody has not saved[\s\S]*vlan 777/)
  })

  test('are in what the approval is bound to: another one is another plan', async () => {
    const one = lab()
    const digestOf = async () =>
      (JSON.parse((await one.eosflow('plan workflow.yaml --json')).out) as { digest: string }).digest
    const [first, again] = [await digestOf(), await digestOf()]
    expect(again).toBe(first)
    one.fault({ device: 'leaf2', kind: 'hand-edit', lines: ['lldp timer 10'] })
    expect(await digestOf()).not.toBe(first)
  })

  test('are not shown of a switch that does not change: nothing saves them', { tags: ['long', 'turn'] }, async () => {
    const one = lab()
    one.fault({ device: 'leaf2', kind: 'hand-edit', lines: ['vlan 998', 'name TESTED'] })
    const { out } = await one.ok('plan workflow.yaml --json')
    const { plan } = JSON.parse(out) as { plan: Plan }
    expect(plan.content.devices.map(({ unsaved }) => unsaved !== undefined)).toEqual([true, false, true])
  })
})
