// @module-tag long
import { describe, expect, test } from 'vitest'
import { ConfigEditor } from '../../src/config/editor.ts'
import { mergeConfig, mergeReport } from '../../src/config/merge.ts'
import { normalizeConfig } from '../../src/config/normalize.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { renderConfig } from '../../src/config/render.ts'
import { cleanConfig, replaceReport } from '../../src/config/replace.ts'
import type { ConfigTree } from '../../src/config/tree.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { recorded, replacePairs, shared, wholeConfigs } from './replace-pairs.ts'
import { commandsIn, countKinds, differences, kindOfDifference } from './texts.ts'

const empty: ConfigTree = { children: [], tail: [] }
const linesOf = (text: string): string[] => text.split('\n')
const tidy = (text: string): string => `${text.replace(/[ \t\r]+$/gm, '').trimEnd()}\n`
const say = (label: string, value: unknown): void => {
  process.stdout.write(`${label}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
}

/** What a text takes away that it says a line before. */
const takenAway = ['-sflow sample 65535', '-no sflow sample']

/** Commands of which EOS itself cannot tell the mode: an interface and the root both know them. */
const ambiguous = /mpls ip$/

describe.skipIf(shared === undefined)('merging recorded configurations (absent: ../shared/eos-corpus)', () => {
  const configs = shared ? wholeConfigs().map(({ name, text }) => ({ name, text, tree: parseConfig(text) })) : []
  const some = everyNthOfLong(10, 'configurations that are merged twice, described or put in order', configs)

  test('a whole configuration merged into nothing is that configuration', { tags: 'night' }, () => {
    const all: string[] = []
    let commands = 0
    let unknown = 0
    for (const { name, text, tree } of configs) {
      const report = mergeReport(empty, linesOf(text), { asTyped: true })
      expect(report.refused, name).toEqual([])
      all.push(...differences(tree, report.tree))
      unknown += report.unknown.length
      commands += commandsIn(tree).length
    }
    expect(configs).toHaveLength(397)
    expect(all.filter((row) => kindOfDifference(row) === undefined)).toEqual(takenAway)
    say('whole configurations merged into nothing, differences by kind', countKinds(all))
    say('commands that no rule knows', `${unknown} of ${commands} (${((100 * unknown) / commands).toFixed(2)} %)`)
    expect(unknown / commands).toBeLessThan(0.03)
  })

  test('a whole configuration merged into itself changes nothing', { tags: 'night' }, () => {
    const changed = configs.flatMap(({ text, tree }) => differences(tree, mergeConfig(tree, linesOf(text))))
    expect(changed).toEqual(['-router isis EVPN_UNDERLAY > address-family ipv6 unicast'])
  })

  test('merging twice is merging once', { tags: 'night' }, () => {
    let compared = 0
    for (const [at, { name, text }] of some.entries()) {
      const other = some[(at + 1) % some.length]
      if (!other) continue
      const once = mergeConfig(other.tree, linesOf(text))
      expect(differences(once, mergeConfig(once, linesOf(text))), name).toEqual([])
      compared++
    }
    expect(compared).toBe(extentOfLong(40, 397))
  })

  test('a whole configuration typed line by line is that configuration', { tags: 'night' }, () => {
    const all: string[] = []
    for (const { text, tree } of configs) {
      const editor = new ConfigEditor(empty, { asTyped: true })
      for (const line of linesOf(text)) editor.type(line)
      editor.end()
      all.push(...differences(tree, editor.tree()))
    }
    const unexplained = all.filter((row) => kindOfDifference(row) === undefined && !ambiguous.test(row))
    say('typed line by line, differences by kind', countKinds(all))
    expect(unexplained).toEqual([
      '-dhcp server vrf VRF01 > disabled',
      '+dhcp server vrf VRF01 > subnet 192.168.0.0/24 > disabled',
      ...takenAway,
    ])
  })

  test('one description set and unset on every interface that has none gives the text back', () => {
    let interfaces = 0
    for (const { name, text, tree } of some) {
      const headers = tree.children
        .filter(({ line, children }) => /^interface \S+$/.test(line) && !children.some(hasDescription))
        .map(({ line }) => line)
      interfaces += headers.length
      const set = mergeConfig(
        tree,
        headers.flatMap((line) => [line, '   description set by a test']),
      )
      const unset = mergeConfig(
        parseConfig(renderConfig(set)),
        headers.flatMap((line) => [line, 'no description']),
      )
      expect(commandsIn(set), name).toHaveLength(commandsIn(tree).length + headers.length)
      expect(tidy(renderConfig(unset)), name).toBe(tidy(text))
    }
    say('interfaces that got a description and lost it', String(interfaces))
    expect(interfaces).toBeGreaterThanOrEqual(extentOfLong(40, 5000))
  })

  test('an intended configuration replaces the running one', { tags: 'night' }, () => {
    const all: string[] = []
    const pairs = replacePairs()
    let equal = 0
    for (const { name, running, candidate } of pairs) {
      const { tree, refused } = replaceReport(parseConfig(running), linesOf(candidate), { asTyped: true })
      expect(refused, name).toEqual([])
      const rows = differences(parseConfig(candidate), tree)
      if (rows.length === 0) equal++
      all.push(...rows)
    }
    expect(pairs).toHaveLength(79)
    say(
      'replaced',
      `${equal} of ${pairs.length} equal as commands, differences by kind ${JSON.stringify(countKinds(all))}`,
    )
    expect(all.filter((row) => kindOfDifference(row) === undefined)).toEqual([])
  })

  test('what is normalised stays as it is', () => {
    for (const { name, tree } of some) {
      const once = renderConfig(normalizeConfig(tree))
      expect(renderConfig(normalizeConfig(parseConfig(once))), name).toBe(once)
    }
    expect(some).toHaveLength(extentOfLong(40, 397))
  })

  test('the texts of real switches are in the order of their version', () => {
    const real = configs.filter(({ name }) => name.includes('lab-validation'))
    const moved = real.filter(({ text, tree }) => renderConfig(normalizeConfig(tree)) !== tidy(text))
    say('texts of real switches that normalise to themselves', `${real.length - moved.length} of ${real.length}`)
    expect(real).toHaveLength(37)
    expect(moved.length).toBeLessThanOrEqual(2)
  })

  test.each(['veos_4.22.1F_running.txt', 'veos_4.23.5_leaf01_sanitized.txt', 'ceos_4.33.1F_running.txt'])(
    '%s is as its version prints it, and typed again it is the same text',
    (name) => {
      const text = tidy(recorded(`eos-samples/configs/${name}`))
      const tree = parseConfig(text)
      expect(renderConfig(normalizeConfig(tree))).toBe(text)
      const editor = new ConfigEditor(cleanConfig(tree))
      for (const line of linesOf(text)) expect(['unknown', 'refused']).not.toContain(editor.type(line).kind)
      expect(renderConfig(editor.tree())).toBe(text)
    },
  )
})

function hasDescription({ line }: { readonly line: string }): boolean {
  return line.startsWith('description')
}
