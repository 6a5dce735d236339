import { describe, expect, test } from 'vitest'
import {
  sameStored,
  simulatedChange,
  typedAs,
  typedForm,
} from '../../../src/features/conformance/kit/contract/stored-lines.ts'
import { kitLines, linesOf, rowVerdicts } from '../../../src/features/conformance/kit/conversation.ts'
import { LINE_GROUPS } from '../../../src/features/conformance/kit/probes/line-kinds.ts'
import { READ_BACK } from '../../../src/features/conformance/kit/probes/read-back.ts'
import { kitBench, tried } from './kit-bench.ts'

const KINDS = LINE_GROUPS.flatMap(({ kinds }) => kinds)
/** What the kit makes and removes. */
const OWN =
  /eosflow-?kit|^interface (?:[Ll]oopback987|Port-Channel19(?:8[5-9]|9[0-4])|Vlan399[0-6])\b|^interface Vlan3992-3993$|^vlan 399[0-6](?:-399[0-6])?$|^router (?:bgp 64999|ospf 64000)$|^ntp authentication-key 6499[89] /

describe('the kinds of lines', () => {
  test('are many, each with a name of its own', () => {
    expect(KINDS.length).toBe(92)
    expect(new Set(KINDS.map(({ name }) => name)).size).toBe(92)
  })

  test('begin at the root with an object of the kit, where they are committed', () => {
    const committed = LINE_GROUPS.filter(({ isCommitted }) => isCommitted).flatMap(({ kinds }) => kinds)
    expect(committed.length).toBe(73)
    expect(committed.filter(({ lines }) => !OWN.test(lines[0]?.cmd ?? '')).map(({ name }) => name)).toEqual([])
  })

  test('that there are once on a switch are in a session that no line commits', () => {
    const commits = linesOf(READ_BACK).filter((line) => / commit\b/.test(line))
    expect(commits).toEqual([1, 2, 3].map((at) => `configure session eosflow-kit-${at} commit timer 00:02:00`))
    expect(LINE_GROUPS.filter(({ isCommitted }) => !isCommitted).map(({ session }) => session)).toEqual([
      'eosflow-kit-4',
    ])
  })

  test('are printed with the text that a line reads', () => {
    expect(kitLines([READ_BACK])).toContain('\n  banner motd\n  eosflow-kit\n    of two lines\n  EOF\n')
  })

  test('are all taken by a simulated switch', async () => {
    const { lines, run } = await tried('4.32.2F', {}, [READ_BACK])
    const refused = lines.flatMap((line) =>
      line.kind === 'step' && KINDS.some(({ name }) => name === line.step)
        ? (line.outcomes ?? []).flatMap((outcome) => (outcome.ok ? [] : [`${line.step}: ${outcome.errors.join(' ')}`]))
        : [],
    )
    expect(refused).toEqual([])
    expect(run.probes[0]?.skipped).toEqual([])
    expect(run.remains).toEqual([])
  })

  test('are left out where the switch has what they would change', { tags: ['long', 'turn'] }, async () => {
    const has =
      'vlan 3900-4000\n!\nrouter bgp 65001\n   router-id 192.0.2.1\n!\ninterface Port-Channel1985\n   description mine\n!\n'
    const bench = kitBench('4.32.2F', { has })
    expect(bench.device.running.children.map(({ line }) => line)).toContain('router bgp 65001')
    const { run } = await tried('4.32.2F', { has }, [READ_BACK])
    const skipped = (run.probes[0]?.skipped ?? []).map(({ step, why }) => `${step}: ${why}`)
    expect(skipped).toContain('bgp-network: it has `router bgp 65001`')
    expect(skipped).toContain('vlans-without-lines: it has `vlan 3900-4000`')
    expect(skipped).toContain('port-channel-not-shut: it has `interface Port-Channel1985`')
    expect(skipped.length).toBe(20)
    const says = new Map(rowVerdicts([READ_BACK], run.probes).map((one) => [one.row, one.says]))
    expect([says.get('new-words'), says.get('vlans-share'), says.get('own-blocks')]).toEqual([
      'lines are stored as the simulator stores them',
      'vlans-with-a-line: it has `vlan 3900-4000`',
      'the switch showed nothing of it',
    ])
    expect(run.remains).toEqual([])
  })
})

const BEFORE = '! device: lab1 (vEOS-lab, EOS-4.32.2F)\n!\nhostname lab1\n!\nvlan 10,20\n!\nend\n'
const typed = (...lines: readonly string[]) => [{ name: 'it', lines: lines.map((cmd) => ({ cmd })) }]

describe('what the simulator stores of typed lines', () => {
  test.each([
    [
      ['interface Loopback1', 'ip address 10.0.0.1 255.255.255.255'],
      [['interface Loopback1'], ['interface Loopback1', 'ip address 10.0.0.1/32']],
    ],
    [['interface Loopback1', 'no shutdown'], [['interface Loopback1']]],
    [['vlan 30'], [['vlan 10,20,30']]],
    [['banner motd'], []],
  ])('%j', (lines, come) => {
    expect(simulatedChange(BEFORE, '4.32.2F', typed(...lines)).come).toEqual(come)
  })

  test('goes from the root for each kind', () => {
    const kinds = [...typed('interface Loopback1', 'description a'), ...typed('hostname lab2')]
    expect(simulatedChange(BEFORE, '4.32.2F', kinds)).toEqual({
      come: [['hostname lab2'], ['interface Loopback1'], ['interface Loopback1', 'description a']],
      gone: [['hostname lab1']],
    })
  })
})

describe('a printed line', () => {
  const forms = [
    {
      of: 'mask',
      lines: typedForm('4.32.2F', {
        name: 'mask',
        lines: [{ cmd: 'interface Loopback1' }, { cmd: 'ip address 10.0.0.1 255.0.0.0' }],
      }),
    },
    {
      of: 'group',
      lines: typedForm('4.32.2F', {
        name: 'group',
        lines: [{ cmd: 'router bgp 1' }, { cmd: 'neighbor a peer-group' }],
      }),
    },
  ]

  test.each([
    [['interface Loopback1', 'ip address 10.0.0.1/8'], 'mask'],
    [['interface Loopback1'], 'mask'],
    [['router bgp 1', 'neighbor a peer group'], 'group'],
    [['interface Ethernet1'], undefined],
  ])('%j is of %s', (line, of) => {
    expect(typedAs(line, forms)).toBe(of)
  })

  test('says the same where a secret was hashed, and not where it was kept or changed', () => {
    const same = sameStored(new Set(['clear', '$1$own$kept']), false)
    const key = (line: string) => same([line])
    expect(key('username a secret sha512 $6$one$hash')).toBe(key('username a secret sha512 $6$two$other'))
    expect(key('username a secret sha512 $6$one$hash')).not.toBe(key('username a secret 5 $1$one$hash'))
    expect(key('username a secret 5 $1$own$kept')).not.toBe(key('username a secret 5 $1$two$other'))
    expect(key('tacacs-server key 7 0822455D0A16')).not.toBe(key('tacacs-server key 7 0822455D0A17'))
    expect(sameStored(new Set(), true)(['tacacs-server key 7 0822455D0A16'])).toBe(
      sameStored(new Set(), true)(['tacacs-server key 7 <redacted>']),
    )
  })
})
