import { expect, test } from 'vitest'
import { startLab } from './in-memory.ts'
import { isSaved } from './vlan-change.ts'

const NOT_SAVED =
  'leaf1: running-config is not saved (2 lines differ from startup-config), and there is nothing to change here'

test('a change that a switch runs and has not saved is there until a reboot: plan and run say so', async () => {
  const lab = startLab()
  lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', lines: ['vlan 998', 'name TESTED'] })
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
  expect(isSaved(lab.fabric.device('leaf1'))).toBe(false)
})
