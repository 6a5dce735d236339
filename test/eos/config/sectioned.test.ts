import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type SectionSeparators, sectionedDiff } from '../../../src/eos/config/sectioned.ts'
import { recordings } from '../../recordings.ts'
import { linesOf } from '../../table.ts'

const samples = recordings('eos-samples/diffs/')
const corpus = recordings('eos-corpus/diff-pairs/observed.json')

const FRAME = (lines: string) => `! device: sw1 (cEOSLab, EOS-4.35.0F)\n!\n${lines}!\nend\n`

/** What was changed, as the sources of the samples tell it; the texts around it are not recorded. */
const CHANGES: Readonly<
  Record<string, { session: string; before: string; after: string; separators: SectionSeparators }>
> = {
  'new_hostname_4.3x.txt': {
    session: 's1',
    before: 'hostname test1\n',
    after: 'hostname foo\n',
    separators: 'context',
  },
  'new_hostname_avd_workshop.txt': {
    session: 'namechange',
    before: 'hostname SPINE01\n',
    after: 'hostname SOMEONEWASHERE\n',
    separators: 'none',
  },
  'new_interface_child.txt': {
    session: 'x',
    before: 'interface Ethernet1\n',
    after: 'interface Ethernet1\n   no switchport\n',
    separators: 'none',
  },
  'new_prefix_list.txt': {
    session: 's4d',
    before: 'ip prefix-list OLD_STYLE seq 10 permit 172.16.42.0/24 ge 32 le 32\n',
    after:
      'ip prefix-list NEW_STYLE\n   seq 5 permit 172.16.16.0/24 ge 32 le 32\n!\nip prefix-list OLD_STYLE\n   seq 10 permit 172.16.42.0/24 ge 32 le 32\n',
    separators: 'signed',
  },
  'new_vlan.txt': {
    session: 'netcode_1782878953',
    before: 'vlan 10\n   name A\n',
    after: 'vlan 10\n   name A\n!\nvlan 90\n   name GUEST_WIFI\n',
    separators: 'none',
  },
}

describe.skipIf(!existsSync(samples))('the recorded diffs of later EOS (needs ../shared)', () => {
  test('each of them is here', () => {
    const recorded = readdirSync(samples).filter((name) => name.startsWith('new_'))
    expect(recorded.sort()).toEqual(Object.keys(CHANGES).sort())
    expect(recorded).toHaveLength(5)
  })

  test.each(Object.entries(CHANGES))('%s', (file, { session, before, after, separators }) => {
    const recorded = readFileSync(new URL(file, samples), 'utf8').trimEnd()
    expect(sectionedDiff(FRAME(before), FRAME(after), session, separators).trimEnd()).toBe(recorded)
  })

  test('the two of the corpus that are of this dialect', () => {
    const observed: { format: string; diff: string; session: string }[] = JSON.parse(readFileSync(corpus, 'utf8'))
    const later = observed.filter(({ format }) => format.startsWith('new'))
    expect(later.map(({ session }) => session)).toEqual(['namechange', 'netcode_1782878953'])
    for (const { session, diff } of later) {
      const made = Object.values(CHANGES).find((change) => change.session === session)
      const printed = sectionedDiff(FRAME(made?.before ?? ''), FRAME(made?.after ?? ''), session)
      expect(printed.split('\n').slice(2).join('\n')).toBe(diff)
    }
  })
})

describe('the rule where nothing is recorded', () => {
  const diff = (before: string, after: string) =>
    sectionedDiff(FRAME(before), FRAME(after), 's').split('\n').slice(2, -1)

  test('equal texts print nothing, not even a header; the line of the command does not count', () => {
    expect(sectionedDiff(FRAME('hostname a\n'), FRAME('hostname a\n'), 's')).toBe('')
    expect(sectionedDiff(`! Command: show running-config\n${FRAME('')}`, FRAME(''), 's')).toBe('')
  })

  test('every command above a change once per block, with its own indentation; minus before plus', () => {
    const bgp = (rd: number, peer: string) =>
      `router bgp 65001\n   neighbor ${peer} remote-as 1\n   !\n   vrf RED\n      rd 1:${rd}\n      network 10.0.0.0/8\n`
    expect(diff(bgp(1, '10.0.0.1'), bgp(2, '10.0.0.2'))).toEqual(
      linesOf(`
      router bgp 65001
      -   neighbor 10.0.0.1 remote-as 1
      +   neighbor 10.0.0.2 remote-as 1
         vrf RED
      -      rd 1:1
      +      rd 1:2
    `),
    )
  })

  test('a block that goes is printed whole', () => {
    expect(diff('vlan 10\n   name A\n!\nvlan 20\n', 'vlan 20\n')).toEqual(['-vlan 10', '-   name A'])
  })

  test('lines of a banner as they are written', () => {
    expect(diff('banner login\nold\nEOF\n', 'banner login\nnew\nEOF\n')).toEqual(['banner login', '-old', '+new'])
  })
})
