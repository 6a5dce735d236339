import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ConfigEditor } from '../../../src/eos/config/rules/editor.ts'
import { expandConfigLine } from '../../../src/eos/sim/cli/config-abbreviation.ts'
import { recordings } from '../../recordings.ts'

const ROOT = ['root']
const PORT = ['root', 'interface']
const BGP = ['root', 'bgp']

describe('expandConfigLine', () => {
  test.each([
    [ROOT, 'int et1', 'interface et1'],
    [ROOT, 'hostn leaf9', 'hostname leaf9'],
    [ROOT, 'no hostn', 'no hostname'],
    [ROOT, 'router b 65001', 'router bgp 65001'],
    [ROOT, 'banner mo', 'banner motd'],
    [ROOT, 'sh run', 'show run'],
    [ROOT, 'vlan 10', 'vlan 10'],
    [PORT, 'desc to int et1', 'description to int et1'],
    [PORT, 'switchp acc vlan 5', 'switchport access vlan 5'],
    [PORT, 'no shut', 'no shutdown'],
    [PORT, 'no sw', 'no switchport'],
    [PORT, 'def sw', 'default switchport'],
    [PORT, 'ip add 192.0.2.1/31', 'ip address 192.0.2.1/31'],
    [PORT, 'sh run', 'show run'],
    [PORT, 'ex', 'exit'],
    [PORT, 'router bgp 1', 'router bgp 1'],
    [BGP, 'neigh 192.0.2.1 remote-as 65002', 'neighbor 192.0.2.1 remote-as 65002'],
    [BGP, 'neighbor SPINES peer', 'neighbor SPINES peer'],
    [ROOT, 'nonsense here', 'nonsense here'],
    [ROOT, '! a comment', '! a comment'],
  ] as const)('in %j %j is %j', (modes, typed, whole) => {
    const expanded = expandConfigLine(typed, modes)
    expect(expanded).toEqual({ line: whole })
  })

  test.each([
    [PORT, 'sh', 0, 'sh'],
    [ROOT, 'ro 1', 0, 'ro'],
    [PORT, 'ip a x', 1, 'a'],
    [ROOT, 'l', 0, 'l'],
    [ROOT, 'ip rout', 1, 'rout'],
  ] as const)('in %j %j is ambiguous at word %i', (modes, typed, ambiguous, word) => {
    expect(expandConfigLine(typed, modes)).toEqual({ ambiguous, word })
  })
})

const corpus = recordings('eos-corpus/configs/')

/**
 * The lines of a configuration text with the modes they stand in, bodies of texts aside. Left out is an indented line at the root: a line of an old
 * release before it has left its block, which no table knows there.
 */
function* linesInModes(text: string): Generator<{ readonly line: string; readonly modes: readonly string[] }> {
  const editor = new ConfigEditor({ children: [], tail: [] })
  for (const row of text.split('\n')) {
    const line = row.trim()
    const isLost = editor.path.length === 0 && /^\s/.test(row)
    if (!editor.awaitsText && line !== '' && !isLost)
      yield { line, modes: ['root', ...editor.path.map(({ mode }) => mode)] }
    editor.type(row)
  }
}

describe.skipIf(!existsSync(fileURLToPath(corpus)))('whole lines of recorded configurations', () => {
  test('stay as they are, each in its mode', { tags: ['long', 'turn'] }, () => {
    let lines = 0
    const changed = new Set<string>()
    for (const file of readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.cfg$/.test(name),
    )) {
      for (const { line, modes } of linesInModes(readFileSync(new URL(file, corpus), 'utf8'))) {
        lines += 1
        const expanded = expandConfigLine(line, modes)
        if ('ambiguous' in expanded || expanded.line !== line) changed.add(line)
      }
    }
    expect(lines).toBeGreaterThan(50_000)
    // The form of an old release; a switch of today takes it for a short `ptp sync-message`.
    expect([...changed]).toEqual(['ptp sync interval 1'])
  })
})
