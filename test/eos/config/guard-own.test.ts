import { describe, expect, test } from 'vitest'
import { judgedLines, renderedChange } from '../../../src/change/plan/rendered.ts'
import { execVerbs, settleByBase } from '../../../src/eos/config/guard/guard.ts'
import { OwnLines } from '../../../src/eos/config/guard/typed-blocks.ts'
import { linesOf } from '../../table.ts'

/** Lines that a switch has printed, 4.27 to 4.33, each below the commands that open its mode. */
const PRINTED: readonly (readonly string[])[] = [
  ['trace Bgp setting BgpParse/*f'],
  ['agent Bfd shutdown'],
  ['tcpdump session s1'],
  ['interface Ethernet1', 'platform tfa phy control-frame disabled'],
  ['router segment-routing ipv6', 'vrf default', 'locator uSID-LOC-1'],
  ['management ssh', 'username mitch'],
]

const nested = (path: readonly string[]) => path.map((line, depth) => '   '.repeat(depth) + line)

/** What is refused of a change on a switch that runs a text. */
function refusedOn(running: string, lines: readonly string[], mode: 'merge' | 'replace') {
  const change = renderedChange({ mode, lines, file: 'change' }, [])
  if (!change.ok) return change.problems.map(({ message }) => message)
  return settleByBase(change.value.unsettled ?? [], running).refused.map(({ line }) => line)
}

describe('a line that the switch prints itself', () => {
  test.each(PRINTED.map((path) => [path.join(' / '), path] as const))(
    '[3T9] passes at its place: %s',
    (_name, path) => {
      const text = nested(path)
      for (const mode of ['merge', 'replace'] as const)
        expect(refusedOn(`${text.join('\n')}\n`, text, mode)).toEqual([])
    },
  )

  test('passes nowhere else, and with nothing more below it', () => {
    const line = 'platform tfa phy control-frame disabled'
    const running = `interface Ethernet1\n   ${line}\n`
    for (const mode of ['merge', 'replace'] as const) {
      expect(refusedOn(running, ['interface Ethernet2', `   ${line}`], mode)).toEqual([line])
      expect(refusedOn(running, ['interface Ethernet1', `   ${line} now`], mode)).toEqual([`${line} now`])
      expect(refusedOn('', ['interface Ethernet1', `   ${line}`], mode)).toEqual([line])
    }
    const session = ['tcpdump session s1', '   reload now']
    expect(refusedOn('tcpdump session s1\n', session, 'replace')).not.toEqual([])
  })

  test.each(
    linesOf(`
    reload now
    write memory
    copy flash:a flash:b
    bash timeout 9 id
    do reload now
    configure session x commit
    show version
    clear counters
  `),
  )('is a text where it acts at once, and passes nowhere: %s', (line) => {
    for (const mode of ['merge', 'replace'] as const) {
      expect(refusedOn(`${line}\n`, [line], mode)).not.toEqual([])
      const inPort = ['interface Ethernet1', `   ${line}`]
      expect(refusedOn(`${inPort.join('\n')}\n`, inPort, mode)).not.toEqual([])
      for (const finding of [...execVerbs([line], mode), ...execVerbs(inPort, mode)]) {
        expect([finding.act, finding.own]).toEqual(['refused', undefined])
      }
    }
  })

  test('of what decides who may log in `allow` alone lets a new line pass', () => {
    const header = ['management api http-commands', '   protocol http']
    const running = 'management api http-commands\n   no shutdown\nusername eve secret sha512 $6$a$b\n'
    expect(refusedOn(running, header, 'merge')).toHaveLength(1)
    expect(refusedOn(running, ['username eve nopassword'], 'merge')).toHaveLength(1)
    const inSsh = ['management ssh', '   username eve privilege 15 nopassword']
    expect(refusedOn('', inSsh, 'merge')).toEqual(['username eve privilege 15 nopassword'])
    expect(refusedOn('', ['interface Ethernet1', '   username eve'], 'merge')).toEqual(['username eve'])
  })

  test('is known at its place, negated or not', () => {
    const own = new OwnLines('vlan 7\n   name BLUE\n!\ninterface Ethernet1\n   mtu 9000\nend\n')
    expect(own.has({ above: ['interface Ethernet1'], line: 'mtu 9000' })).toBe(true)
    expect(own.has({ above: ['interface Ethernet1'], line: 'no mtu 9000' })).toBe(true)
    expect(own.has({ above: ['interface Ethernet2'], line: 'mtu 9000' })).toBe(false)
    expect(own.has({ above: [], line: 'mtu 9000' })).toBe(false)
    expect(own.has({ above: ['vlan 7'], line: 'name' })).toBe(false)
  })
})

test('[3T9] a keyword of a mode, written out, is short for no command of exec mode', () => {
  const typed = (line: string) =>
    execVerbs(['router segment-routing ipv6', '   vrf default', `      ${line}`], 'merge').map(({ verb }) => verb)
  expect(typed('locator uSID-LOC-9')).toEqual([])
  expect(typed('locato uSID-LOC-9')).toEqual(['locator-led'])
  expect(typed('locator-led interface Ethernet1')).toEqual(['locator-led'])
})

test('of a whole configuration `validate` warns of what may be an exec command, and of a merge it is wrong', () => {
  const given = (mode: 'merge' | 'replace') =>
    judgedLines({ mode, lines: ['interface Ethernet1', '   platform tfa phy control-frame disabled'], file: 'f' }, [])
  expect(given('replace').problems).toEqual([])
  expect(given('replace').warnings).toMatchObject([{ message: expect.stringContaining('may be a command') }])
  expect(given('merge').problems).toMatchObject([{ code: 'exec-verb' }])
})

test('[3T18] a banner that another system would read is told to end with EOF', () => {
  const [problem] = judgedLines({ mode: 'merge', lines: ['banner motd ^', 'hello', '^'], file: 'f' }, []).problems
  expect(problem?.hint).toBe('Close the text with a line `EOF`.')
})
