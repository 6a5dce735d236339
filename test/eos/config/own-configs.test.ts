import { describe, expect, test } from 'vitest'
import { applyDiff } from '../../../src/eos/config/apply.ts'
import { commandsOf } from '../../../src/eos/config/commands.ts'
import { normalizeConfig } from '../../../src/eos/config/device-form.ts'
import { diffConfig } from '../../../src/eos/config/diff/diff.ts'
import { execVerbs } from '../../../src/eos/config/guard/guard.ts'
import { managementGuard } from '../../../src/eos/config/guard/guard-management.ts'
import { invertDiff } from '../../../src/eos/config/invert.ts'
import { mergeConfig, mergeReport, replaceReport } from '../../../src/eos/config/merge.ts'
import { ConfigEditor } from '../../../src/eos/config/rules/editor.ts'
import { redact } from '../../../src/eos/config/secrets/secrets.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigTree } from '../../../src/eos/config/text/tree.ts'
import { asPrinted, commandsIn, differences, kindOfDifference, ownConfigs, ownPairs } from './texts.ts'

const empty: ConfigTree = { children: [], tail: [] }
const linesOf = (text: string) => text.split('\n')
const tidy = (text: string) => `${text.replace(/[ \t\r]+$/gm, '').trimEnd()}\n`
const unexplained = (rows: readonly string[]) => rows.filter((row) => kindOfDifference(row) === undefined)

test('there are nine configurations and three pairs', () => {
  expect(ownConfigs).toHaveLength(9)
  expect(asPrinted).toHaveLength(8)
  expect(ownPairs.map(({ name }) => name)).toEqual(['edge-change', 'leaf-order', 'leaf-unmanaged'])
  expect(ownConfigs.map(({ text }) => commandsIn(parseConfig(text)).length).reduce((a, b) => a + b)).toBeGreaterThan(
    1000,
  )
})

describe.each(ownConfigs)('the whole configuration $name', ({ text }) => {
  const tree = parseConfig(text)

  test('renders back', () => {
    expect(tidy(renderConfig(tree))).toBe(tidy(text))
  })

  test('merged into nothing is that configuration', () => {
    const { tree: merged, refused, unknown } = mergeReport(empty, linesOf(text), { asTyped: true })
    expect(refused).toEqual([])
    expect(unexplained(differences(tree, merged))).toEqual([])
    expect(unknown.length / commandsIn(tree).length).toBeLessThan(0.1)
  })

  test('merged into itself changes nothing, and a description comes and goes', () => {
    expect(differences(tree, mergeConfig(tree, linesOf(text)))).toEqual([])
    const set = mergeConfig(tree, ['interface Loopback77', '   description set by a test'])
    expect(commandsIn(set)).toHaveLength(commandsIn(tree).length + 2)
    expect(tidy(renderConfig(mergeConfig(set, ['no interface Loopback77'])))).toBe(tidy(text))
  })

  test('typed line by line is that configuration', () => {
    const editor = new ConfigEditor(empty, { asTyped: true })
    for (const line of linesOf(text)) editor.type(line)
    editor.end()
    expect(unexplained(differences(tree, editor.tree()))).toEqual([])
  })

  test('each command that is sent is taken in the mode it is in', () => {
    const editor = new ConfigEditor(empty, { asTyped: true })
    const typed = commandsOf(tree)
    const astray = typed.filter(({ cmd, input }) => {
      const { kind } = editor.type(cmd, input)
      const depth = (cmd.length - cmd.trimStart().length) / 3
      const shift = kind === 'entered' ? 1 : kind === 'left' ? -1 : 0
      return kind === 'refused' || editor.path.length !== depth + shift
    })
    expect(typed.length).toBeGreaterThan(20)
    expect(astray).toEqual([])
  })

  test('holds no line that is refused in a replace', () => {
    const findings = execVerbs(linesOf(text), 'replace').filter(({ act }) => act !== 'named')
    expect(findings.filter(({ because }) => because !== 'boot')).toEqual([])
  })

  test('normalised stays as it is, and shows no secret when it is redacted', () => {
    const once = renderConfig(normalizeConfig(tree))
    expect(renderConfig(normalizeConfig(parseConfig(once)))).toBe(once)
    expect(redact(text)).not.toMatch(/\$6\$\S|(?:key|secret|password) (?:7|8a|sha512) (?!<re)\S/)
  })
})

test.each(asPrinted)('$name is in the order of its version', ({ text }) => {
  expect(renderConfig(normalizeConfig(parseConfig(text)))).toBe(tidy(text))
})

describe.each(ownPairs)('the pair $name', ({ running, candidate }) => {
  const [before, after] = [parseConfig(running), parseConfig(candidate)]

  test('apply and invert exactly, also through JSON', () => {
    const diff = JSON.parse(JSON.stringify(diffConfig(before, after)))
    expect(renderConfig(applyDiff(before, diff))).toBe(renderConfig(after))
    expect(renderConfig(applyDiff(after, JSON.parse(JSON.stringify(invertDiff(diff)))))).toBe(renderConfig(before))
  })

  test('the candidate takes the place of the running one', () => {
    const { tree, refused } = replaceReport(before, linesOf(candidate), { asTyped: true })
    expect(refused).toEqual([])
    expect(unexplained(differences(after, tree))).toEqual([])
  })
})

test('the changes of the pairs, and what the management guard misses', () => {
  const changed = ownPairs.map(({ running, candidate }) =>
    differences(parseConfig(running), parseConfig(candidate)).toSorted(),
  )
  const missed = ownPairs.map(({ running, candidate }) =>
    managementGuard(parseConfig(running), parseConfig(candidate)).map(({ part }) => part),
  )
  expect(changed).toEqual([
    [
      '+interface Ethernet1 > description uplink; port 8',
      '+interface Ethernet3 > shutdown',
      '+interface Port-Channel5 > no shutdown',
      '+interface Port-Channel5 > switchport',
      '+ip access-list STORAGE > 25 permit tcp 10.31.0.0/24 any eq 2049',
      '+ip prefix-list LOOPBACKS > seq 15 permit 203.0.114.0/24 eq 32',
      '+router bgp 65001 > neighbor 198.51.100.2 peer group CORE',
      '+vlan 10,20-23',
      '-interface Ethernet1 > description uplink; port 7',
      '-interface Vlan30 > ip address 10.31.0.1/24 secondary',
      '-ntp server vrf MGMT 192.0.2.124',
      '-vlan 10,20-22',
    ],
    [],
    [
      '+vlan 120 > name APP-2',
      '-management api http-commands',
      '-management api http-commands > no shutdown',
      expect.stringMatching(/^-username ops privilege 15 role network-admin secret sha512 /),
      '-vlan 120 > name APP',
    ],
  ])
  expect(missed).toEqual([[], [], ['eapi', 'users']])
})
