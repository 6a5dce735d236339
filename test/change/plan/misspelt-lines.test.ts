import { describe, expect, test } from 'vitest'
import { judgedLines, renderedChange } from '../../../src/change/plan/rendered.ts'
import { settledLines } from '../../../src/change/task/act/rendered-change.ts'

const FILE = 'workflows/ntp.j2'
const given = (...lines: readonly string[]) => ({ mode: 'merge', lines, file: FILE }) as const

/** The lines of a change as they are planned, which has no other problem. */
function planned(lines: readonly string[], allow: readonly string[] = []) {
  const change = renderedChange(given(...lines), allow)
  if (!change.ok) throw new Error(change.problems[0]?.message)
  return change.value
}

describe('a line with a misspelt word', () => {
  test('is a problem where no switch is asked, at the column of the word, with the one that is meant', () => {
    expect(judgedLines(given('interface Ethernet1', '   switchport mdoe trunk', '   no swichport'), [])).toEqual({
      problems: [
        {
          code: 'misspelt-word',
          message: '"switchport mdoe trunk": no line of EOS has `mdoe` behind `switchport`',
          at: { file: FILE, line: 2, column: 15 },
          hint: 'Did you mean `mode`? It passes where the switch has the same line; else it needs `allow: [unknown-lines]` in the workflow.',
        },
        {
          code: 'misspelt-word',
          message: '"no swichport": no line of EOS begins with `swichport`',
          at: { file: FILE, line: 3, column: 7 },
          hint: 'Did you mean `switchport`? It passes where the switch has the same line; else it needs `allow: [unknown-lines]` in the workflow.',
        },
      ],
      warnings: [],
    })
  })

  test('has the place of its own file, and is let through by its own workflow alone, whatever was judged before', () => {
    const judged = (file: string, allow: readonly string[] = [], line = 'ntp serer 192.0.2.1') => {
      const { problems, warnings } = judgedLines({ mode: 'merge', lines: [line], file }, allow)
      return [problems, warnings].map((list) => list.map(({ at }) => at.file))
    }
    expect(judged('one.j2')).toEqual([['one.j2'], []])
    expect(judged('other.j2')).toEqual([['other.j2'], []])
    expect(judged('one.j2', ['unknown-lines'])).toEqual([[], ['one.j2']])
    const user = 'username bob privilege 15 nopassword'
    expect(judged('one.j2', [], user)).toEqual([['one.j2'], []])
    expect(judged('one.j2', ['users'], user)).toEqual([[], []])
  })

  test('is a warning where the workflow lets it through', () => {
    const { problems, warnings } = judgedLines(given('ntp serer 192.0.2.1'), ['unknown-lines'])
    expect([problems, warnings.map(({ code }) => code)]).toEqual([[], ['misspelt-word']])
  })

  test('is refused for a switch that has no such line, and nothing was sent', () => {
    expect(() => settledLines('leaf1', planned(['ntp serer 192.0.2.1']), 'ntp server 192.0.2.9\n')).toThrow(
      'leaf1: "ntp serer 192.0.2.1" is misspelt: no line of EOS has `serer` behind `ntp`, nor has the switch (unknown-lines). Did you mean `server`?',
    )
  })

  test('passes for a switch that prints lines with that word at that place, with other values too', () => {
    const change = planned(['router bgp 65001', '   neighbor 192.0.2.1 remot-as 65002'])
    const running = (line: string) => `router bgp 65001\n   ${line}\n`
    expect(settledLines('leaf1', change, running('neighbor 192.0.2.7 remot-as 65009'))).toMatchObject({ refused: [] })
    for (const other of ['neighbor PEERS remot-as 65009', 'neighbor 192.0.2.1 remote-as 65002', 'remot-as 192.0.2.1'])
      expect(() => settledLines('leaf1', change, running(other)), other).toThrow('is misspelt')
  })

  test('waits for the approval where the workflow lets it through: it is sent to no switch before', () => {
    const { unknown, refused } = settledLines('leaf1', planned(['ntp serer 192.0.2.1'], ['unknown-lines']), '')
    expect([unknown, refused]).toEqual([['ntp serer 192.0.2.1'], []])
  })

  test('shows no secret, neither where it is at fault nor beside it', () => {
    const lines = ['router bgp 65001', '   neighbor 192.0.2.1 password 7 13061E010803557878 bogus']
    const text = JSON.stringify([judgedLines(given(...lines), []), planned(lines).doubtful?.map(({ why }) => why)])
    expect(text).toContain('nothing is expected')
    expect(text).not.toContain('13061E010803557878')
  })
})

test('what a switch may refuse is a warning, and the approver sees it', () => {
  const lines = ['interface Ethernet1', '   mtu 70000', '   channel-group 7', '   frobnicate all']
  expect(planned(lines).doubtful).toEqual([
    {
      line: 'mtu 70000',
      above: ['interface Ethernet1'],
      form: 'interface <interface> > mtu <int> = 70000',
      why: 'the value behind `mtu` is out of its range',
    },
    {
      line: 'channel-group 7',
      above: ['interface Ethernet1'],
      form: 'interface <interface> > channel-group <int>',
      why: 'it ends where EOS expects more',
    },
    {
      line: 'frobnicate all',
      above: ['interface Ethernet1'],
      form: 'interface <interface> > frobnicate all',
      why: 'no known line of its mode begins with `frobnicate`',
    },
  ])
  const { problems, warnings } = judgedLines(given(...lines), [])
  expect([problems, warnings.map(({ code, at }) => [code, at.line, at.column])]).toEqual([
    [],
    [
      ['doubtful-line', 2, 8],
      ['doubtful-line', 3, 4],
      ['doubtful-line', 4, 4],
    ],
  ])
})

test('a root line that no guard knows is settled as before, and the word that is meant is named', () => {
  expect(judgedLines(given('inteface Ethernet1'), []).problems).toMatchObject([
    { code: 'misspelt-word', at: { line: 1, column: 1 }, hint: expect.stringContaining('Did you mean `interface`?') },
  ])
  const change = planned(['inteface Ethernet1'])
  expect(() => settledLines('leaf1', change, 'vrf instance inteface\ninteface Ethernet2\n')).toThrow(
    'leaf1: "inteface Ethernet1" is known to no table of the configuration, and the switch does not have it (unknown-lines). Did you mean `interface`?',
  )
  expect(settledLines('leaf1', change, 'inteface Ethernet1\n')).toMatchObject({ refused: [] })
})

test('a line that a guard has found is judged by that guard alone', () => {
  const { problems } = judgedLines(given('reload nwo', 'do show verison'), [])
  expect(problems.map(({ code }) => code)).toEqual(['exec-verb', 'exec-verb'])
})
