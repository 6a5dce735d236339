import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, inProcess, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { eosflow } from './eosflow.ts'

const BEFORE = `hostname leaf1
!
username admin secret sha512 $6$aaaaaaaa$1111
!
interface Ethernet1
   description old
   switchport trunk allowed vlan 10-11
!
end
`
const AFTER = `hostname leaf1
!
username admin secret sha512 $6$bbbbbbbb$2222
!
interface Ethernet1
   description new
   switchport trunk allowed vlan 10-11
!
end
`

function files() {
  const dir = temporaryFolder({
    'a.cfg': BEFORE,
    'b.cfg': AFTER,
    lines: 'interface Ethernet1\n   switchport trunk allowed vlan add 12\nvlan 12\n',
  })
  return dir
}

describe('config diff', () => {
  test('shows changes under their block, a changed secret as a change, and no secret', async () => {
    const { stdout } = await exits(0, inProcess('config diff a.cfg b.cfg', files()))
    expect(stdout.replaceAll(/<redacted:[0-9a-f]{8}>/g, '<redacted>')).toBe(
      [
        '- username admin secret sha512 <redacted>',
        '+ username admin secret sha512 <redacted>',
        '  interface Ethernet1',
        '-    description old',
        '+    description new',
        'Diff: +2 -2 lines',
        '',
      ].join('\n'),
    )
    const [gone, come] = stdout.match(/<redacted:[0-9a-f]{8}>/g) ?? []
    expect(gone).not.toBe(come)
  })

  test('as JSON, and 2 on demand', async () => {
    const dir = files()
    const { stdout } = await exits(2, inProcess('config diff a.cfg b.cfg --json --detailed-exitcode', dir))
    const { changes, ...rest } = JSON.parse(stdout)
    expect(rest).toEqual({ version: 1, kind: 'config-diff', equal: false, layoutLines: 0 })
    expect(changes).toHaveLength(4)
    expect(changes[3]).toEqual({ sign: '+', path: ['interface Ethernet1'], line: 'description new' })
    expect(changes[0]).toMatchObject({ sign: '-', path: [] })
    // The placeholders are of random hex, so the hashes are looked for whole.
    expect(stdout).not.toMatch(/\$6\$|aaaaaaaa|bbbbbbbb/)
  })

  test('the same commands in another layout are no change', async () => {
    const dir = files()
    writeFileSync(join(dir, 'c.cfg'), BEFORE.replaceAll('!\n', ''))
    const { stdout } = await exits(0, inProcess('config diff a.cfg c.cfg --detailed-exitcode', dir))
    expect(stdout).toBe('Diff: the same commands · 3 lines of order and layout\n')
  })
})

describe('config merge', () => {
  test('prints what a switch would make of it', async () => {
    const { stderr } = await prints(
      0,
      inProcess('config merge a.cfg lines', files()),
      '   switchport trunk allowed vlan 10-12\n',
      'vlan 12\n',
    )
    expect(stderr).toBe('Merge: 3 lines, 0 unknown, 0 refused\n')
  })

  test('names a line that no rule knows and one that a switch would refuse', async () => {
    const dir = files()
    writeFileSync(
      join(dir, 'lines'),
      'frobnicate everything\nip prefix-list P\n   seq 10 permit 10.0.0.0/8\n   seq 10 permit 10.0.0.0/9\n',
    )
    const { stdout } = await warns(
      10,
      inProcess('config merge a.cfg lines', dir),
      '! no rule knows this line, it is kept as it is: frobnicate everything\n',
      '✖ a switch would refuse: seq 10 permit 10.0.0.0/9: % Duplicate sequence number\n',
    )
    expect(stdout).toContain('frobnicate everything\n')
  })
})

describe('config normalize and config redact', () => {
  test('normalize prints order and spacing as EOS does, and its own output unchanged', async () => {
    const dir = files()
    writeFileSync(join(dir, 'c.cfg'), 'interface Ethernet2\n  description b\ninterface Ethernet1\n description a\n')
    const first = await inProcess('config normalize c.cfg', dir)
    expect(first.stdout).toBe('interface Ethernet1\n   description a\n!\ninterface Ethernet2\n   description b\n')
    writeFileSync(join(dir, 'd.cfg'), first.stdout)
    expect((await inProcess('config normalize d.cfg', dir)).stdout).toBe(first.stdout)
  })

  test('redact leaves everything but the secrets', async () => {
    const { stdout } = await exits(0, inProcess('config redact a.cfg', files()))
    expect(stdout).toBe(BEFORE.replace('$6$aaaaaaaa$1111', '<redacted>'))
  })

  test('- is stdin', async () => {
    const fixture = readFileSync(new URL('../../../fixtures/dc1/leaf1/running-config', import.meta.url), 'utf8')
    const { stdout } = await prints(0, eosflow('config redact -', { input: fixture }), 'secret sha512 <redacted>')
    expect(stdout.split('\n')).toHaveLength(fixture.split('\n').length)
    expect(stdout).not.toContain('$6$')
  })

  test('a binary file exits 3 with its place', async () => {
    const dir = files()
    writeFileSync(join(dir, 'bin'), Buffer.from([0x68, 0x00, 0xff, 0xfe]))
    await warns(3, inProcess('config normalize bin', dir), '✖ bin:1:3: the file is not UTF-8 text')
  })
})
