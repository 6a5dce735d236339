import { expect, test } from 'vitest'
import { compare } from '../../../src/change/plan/seal.ts'
import { sectionDifferences } from '../../../src/eos/config/merge.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { layoutLike } from '../../../src/eos/sim/switch/config-sessions.ts'

const SERVERS: readonly (readonly [name: string, lines: readonly string[]])[] = [
  ['tacacs-server host', ['tacacs-server host 10.0.0.1 key 7 00', 'tacacs-server host 10.0.0.2 key 7 00']],
  ['radius-server host', ['radius-server host 10.0.0.1 vrf M', 'radius-server host 10.0.0.2 vrf M']],
  ['ip name-server', ['ip name-server vrf M 10.0.0.1', 'ip name-server vrf M 10.0.0.2']],
  ['ip domain-list', ['ip domain-list a.example', 'ip domain-list b.example']],
  ['server of a group', ['aaa group server tacacs+ G', '   server 10.0.0.1', '   server 10.0.0.2']],
  ['groups of a method', ['aaa authentication login default group A group B local']],
]

const swapped = (lines: readonly string[]) => {
  if (lines.length === 1) return lines.map((line) => line.replace('group A group B', 'group B group A'))
  return [...lines.slice(0, -2), ...lines.slice(-2).toReversed()]
}
const text = (lines: readonly string[]) => ['hostname a', ...lines, 'end'].map((line) => `${line}\n`).join('')

test.each(SERVERS)('[3T13] %s: what EOS asks in order is another change in another order', (_, lines) => {
  const [before, after] = [text(lines), text(swapped(lines))]
  expect(compare(before, before).changes).toEqual([])
  expect(
    compare(before, after)
      .changes.map(({ sign }) => sign)
      .toSorted(),
  ).toEqual(['+', '-'])
  const drift = sectionDifferences(before, after, (root) => root.split(' ')[0] ?? '').flatMap(
    (section) => section.lines,
  )
  expect(drift).toHaveLength(2)
})

test.each(SERVERS)('[3T13] %s: a switch stores it as it was entered', (_, lines) => {
  const [before, after] = [text(lines), text(swapped(lines))]
  expect(renderConfig(layoutLike(parseConfig(after), parseConfig(before)))).toBe(after)
})

test('what has no order stays where the switch has printed it', () => {
  const before = text(['ntp server 10.0.0.1', 'ntp server 10.0.0.2', ...(SERVERS[0]?.[1] ?? [])])
  const after = text(['ntp server 10.0.0.2', 'ntp server 10.0.0.1', ...swapped(SERVERS[0]?.[1] ?? [])])
  expect(renderConfig(layoutLike(parseConfig(after), parseConfig(before)))).toBe(
    text(['ntp server 10.0.0.1', 'ntp server 10.0.0.2', ...swapped(SERVERS[0]?.[1] ?? [])]),
  )
  expect(
    compare(text(['ntp server 10.0.0.1', 'ntp server 10.0.0.2']), text(['ntp server 10.0.0.2', 'ntp server 10.0.0.1']))
      .changes,
  ).toEqual([])
})
