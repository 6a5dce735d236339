import { describe, expect, test } from 'vitest'
import { type Lab, openLab, planAt } from '../lab/lab.ts'

/** Somebody configures leaf1, and saves. */
async function byHand(lab: Lab, ...lines: readonly string[]) {
  await lab.byHand('leaf1', ...lines)
}

/** Plans into a file, and gives what runs it approved. */
async function planned(lab: Lab) {
  await lab.ok('plan workflow.yaml -o a.plan')
  const { digest } = planAt(lab, 'a.plan') as { digest: string }
  return ['run', 'a.plan', '--approve', digest]
}

describe('[G1] a plan whose base has changed, exit 5, says what has changed on the switch since', () => {
  test.each([
    ['one switch, before its commit', 'leaf1'],
    ['several, before the first is touched', 'leaf1 or leaf3'],
  ])('%s', { tags: 'long' }, async (_, targets) => {
    const lab = openLab({ targets })
    const line = await planned(lab)
    await byHand(lab, 'vlan 777', 'name HAND')
    const { out, err } = await lab.exits(5, ...line)
    expect(err).toMatch(/✖ \w+: leaf1: running-config has changed since the plan was made:\n/)
    // The lines are told once, in the recap.
    expect((out + err).split('+vlan 777 / name HAND')).toHaveLength(2)
    expect(out).toContain(`leaf1: running-config has changed since the plan was made:
    +vlan 777
    +vlan 777 / name HAND
`)
    expect(out).toContain('Plan again and have the new plan approved.')
    expect(out).not.toContain('TESTED')
  })

  test('bounded: twenty lines, and how many more there are', async () => {
    const lab = openLab()
    const line = await planned(lab)
    await byHand(lab, ...Array.from({ length: 30 }, (_, index) => `ip route 10.9.${index}.0/24 Null0`))
    const { out } = await lab.exits(5, ...line)
    expect(out.match(/^ {4}\+ip route 10\.9\.\d+\.0\/24 Null0$/gm)).toHaveLength(20)
    expect(out).toContain('\n    and 10 lines more\n')
  })

  test('without secrets', async () => {
    const lab = openLab()
    const line = await planned(lab)
    await byHand(lab, 'snmp-server community v3rys3cret ro')
    const { out, err } = await lab.exits(5, ...line)
    expect(out).toContain('+snmp-server community <redacted')
    expect(out + err).not.toContain('v3rys3cret')
  })
})
