import { generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, test } from 'vitest'
import { exits, type Lab, openLab, typeOn, warns } from '../lab/lab.ts'

const SWITCHES = ['spine1', 'spine2', 'leaf1', 'leaf2', 'leaf3', 'leaf4']

async function runningOf(lab: Lab, device: string) {
  const lines = await typeOn(lab.fabric.device(device), 'show running-config')
  return JSON.stringify(lines)
}

async function spoil(lab: Lab, ...devices: readonly string[]) {
  for (const device of devices) {
    const lines = [
      'configure',
      'vlan 997',
      'name SPOILT',
      'no snmp-server contact noc@example.net',
      'end',
      'copy running-config startup-config',
    ]
    await typeOn(lab.fabric.device(device), ...lines)
  }
}

describe('config restore', () => {
  test('makes six switches run what a whole backup has, read back equal', { tags: 'long' }, async () => {
    const lab = openLab()
    const before = await Promise.all(SWITCHES.map((name) => runningOf(lab, name)))
    await lab.eosflow('config backup kept --secrets keep')
    await spoil(lab, ...SWITCHES)
    expect(await Promise.all(SWITCHES.map((name) => runningOf(lab, name)))).not.toEqual(before)
    await exits(0, lab.agreed('config restore kept'))
    expect(await Promise.all(SWITCHES.map((name) => runningOf(lab, name)))).toEqual(before)
  })

  test('decrypts with an identity, and shows no secret of it', { tags: 'long' }, async () => {
    const lab = openLab()
    const identity = await generateIdentity()
    const before = await runningOf(lab, 'leaf1')
    await lab.eosflow('config backup vault --secrets age --recipient', await identityToRecipient(identity))
    lab.write('key.txt', `# of the team\n${identity}\n`)
    await spoil(lab, 'leaf1')
    const { out, err } = await exits(0, lab.agreed('config restore vault -t leaf1 --identity key.txt'))
    expect(out + err).not.toContain('d1-Tr4ce-7Ke')
    expect(out + err).not.toContain(identity)
    expect(await runningOf(lab, 'leaf1')).toBe(before)
  })

  test('refuses by name what it cannot restore, before a switch is asked: exit 3', async () => {
    const lab = openLab()
    await lab.eosflow('config backup redacted -t leaf1')
    const [mine, other] = [await generateIdentity(), await generateIdentity()]
    await lab.eosflow('config backup vault -t leaf1 --secrets age --recipient', await identityToRecipient(mine))
    lab.write('other.txt', other)
    const asked = lab.requests()
    for (const [argv, message] of [
      [['redacted', '-t', 'leaf1'], 'leaf1: its backup has no secrets, and cannot be restored'],
      [['redacted', '-t', 'leaf2'], 'leaf2: there is no backup of it'],
      [['vault', '-t', 'leaf1'], 'leaf1: its backup is encrypted, and no identity is given'],
      [['vault', '-t', 'leaf1', '--identity', 'other.txt'], 'leaf1: its backup cannot be decrypted'],
      [['nowhere'], 'there is no backup of a switch of this inventory in it'],
    ] as const) {
      await warns(3, lab.eosflow('config restore', ...argv), message)
    }
    expect(lab.requests()).toBe(asked)
    expect((await lab.eosflow('executions')).out).not.toContain('restore')
  })

  test('waits for an approval with --detach, and goes on from what it has kept, whatever became of the folder', async () => {
    const lab = openLab()
    const before = await runningOf(lab, 'leaf1')
    await lab.eosflow('config backup kept --secrets keep -t leaf1')
    await spoil(lab, 'leaf1')
    await exits(12, lab.eosflow('config restore kept -t leaf1 --detach'))
    lab.write('kept/leaf1.cfg', 'hostname evil\n')
    await exits(0, lab.agreed('resume @latest'))
    expect(await runningOf(lab, 'leaf1')).toBe(before)
  })
})
