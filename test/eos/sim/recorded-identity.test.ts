import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { offlineEvidence } from '../../../src/change/plan/offline.ts'
import { renderedChange } from '../../../src/change/plan/rendered.ts'
import { commandsOf } from '../../../src/eos/config/commands.ts'
import { normalizeConfig } from '../../../src/eos/config/device-form.ts'
import { diffConfig } from '../../../src/eos/config/diff/diff.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode } from '../../../src/eos/config/text/tree.ts'
import { comparableText } from '../../../src/eos/config/vlan-sets.ts'
import { oneSwitchFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { everyNthOfLong } from '../../extent.ts'
import { recordings } from '../../recordings.ts'
import { simulated } from './simulate.ts'

const there = existsSync(recordings('eos-corpus/more/'))

interface Recorded {
  readonly name: string
  readonly text: string
  readonly eos: string
}

const read = (path: string): string => readFileSync(recordings(path), 'utf8')
const filesIn = (folder: string): readonly string[] => readdirSync(recordings(folder)).toSorted()

/** Every running-config that names the switch which printed it: a text without that line was written by hand. */
function recorded(): readonly Recorded[] {
  const texts = [
    ...filesIn('eos-corpus/configs/batfish+lab-validation/').map((file) => [
      file,
      read(`eos-corpus/configs/batfish+lab-validation/${file}`),
    ]),
    ...filesIn('eos-corpus/device-snapshots/').map((file) => [
      file,
      String(JSON.parse(read(`eos-corpus/device-snapshots/${file}`)).running_config),
    ]),
    ...filesIn('eos-corpus/more/recorded/').map((file) => [file, read(`eos-corpus/more/recorded/${file}`)]),
    ...filesIn('eos-corpus/more/show-labs/').flatMap((lab) =>
      filesIn(`eos-corpus/more/show-labs/${lab}/`).map((name) => [
        `${lab} ${name}`,
        read(`eos-corpus/more/show-labs/${lab}/${name}/show running-config.txt`),
      ]),
    ),
  ]
  return texts.flatMap(([name = '', text = '']) => {
    const eos = /^! device: .*EOS-(\d+\.\d+[^ )]*)/m.exec(text)?.[1]
    return eos === undefined ? [] : [{ name, text, eos }]
  })
}

/** They hold `secret ansible`, which every EOS hashes as it is typed: somebody has written it into them. */
const WRITTEN_INTO = ['dc1-leaf2a.cfg', 'dc1-leaf2b.cfg', 'dc2-leaf2a.cfg'].map(
  (file) => `swamaki__labs__others__motion__configs_layer3vrf__${file}`,
)

/** They have two blocks for one interface, which no switch prints: the switch makes one of them, and their VRFs stand behind their interfaces. */
const BLOCK_TWICE = ['dc1-router1.cfg', 'dc1-router2.cfg', 'dc2-router2.cfg'].map(
  (file) => `leofurtadonyc__ceos-2dc-4s4l__configs__${file}`,
)

/** Two orders that one text each has. */
const ONCE = [
  'snapshots__sros_bgp_comm_in__configs__r2__show_running-config.txt',
  'ksator__inventories__rfc5549__snapshots__DC1-LEAF2B__show_running-config.txt',
]

/** What differs between a configuration and what comes of replacing it by itself, without a switch. */
function offlineDifference({ text, eos }: Recorded): readonly string[] {
  const change = renderedChange({ mode: 'replace', lines: text.split(/\r?\n/), file: 'recorded.cfg' }, [])
  if (!change.ok) return change.problems.map(({ message }) => message)
  const identity = { serial: 'S', systemMac: '00:1c:73:00:00:01', eos, model: 'M' }
  const device = { name: 'sw', identity, running: text, startupDiff: '', state: {} }
  const { candidate } = offlineEvidence(device, change.value).staged
  const { changes } = diffConfig(parseConfig(comparableText(text)), parseConfig(comparableText(candidate)))
  return changes.map(({ sign, path, line }) => sign + [...path, line].join(' > '))
}

function commandsIn(nodes: readonly ConfigNode[], above = ''): readonly string[] {
  return nodes.flatMap(({ line, body = [], children }) => {
    if (line === 'end') return []
    const at = `${above} > ${line}`
    return [[at, ...body.flat()].join('\n'), ...commandsIn(children, at)]
  })
}
const contentOf = (text: string): readonly string[] => commandsIn(parseConfig(text).children)

/** What a switch that booted a configuration makes of it: what it prints otherwise, and the diff that it shows when the configuration replaces itself. */
async function onSwitch({ text }: Recorded): Promise<{ readonly isPrinted: boolean; readonly diff: string }> {
  const { json, text: shown } = simulated(oneSwitchFabric(text, { username: 'lab-of-the-test' }))
  const printed = contentOf(await shown('show running-config'))
  const isPrinted = JSON.stringify(printed) === JSON.stringify(contentOf(text))
  const load = ['rollback clean-config', ...commandsOf(parseConfig(text))]
  const { error } = await json('configure session a', ...load)
  if (error !== undefined) return { isPrinted, diff: error.message }
  return { isPrinted, diff: await shown('configure session a', 'show session-config diffs') }
}

/** What a switch of its version and model that has nothing of a configuration says of its lines. */
async function refusalOf({ name, text }: Recorded): Promise<readonly string[]> {
  const device = /^! device: .*$/m.exec(text)?.[0] ?? ''
  const bare = [
    '! Command: show running-config',
    device,
    '!',
    'management api http-commands',
    '   no shutdown',
    '!',
    'end',
  ]
  const { json } = simulated(oneSwitchFabric(`${bare.join('\n')}\n`, { username: 'lab-of-the-test' }))
  const { error } = await json('configure session a', 'rollback clean-config', ...commandsOf(parseConfig(text)))
  return error === undefined ? [] : [`${name}: ${error.message} ${JSON.stringify(error.data?.at(-1))}`]
}

const roots = (nodes: readonly ConfigNode[]): readonly string[] => nodes.map(({ line }) => line)

describe.skipIf(!there)('a recorded configuration replaced by itself is no change (needs ../shared)', () => {
  const all = there ? recorded() : []
  const some = everyNthOfLong(3, 'recorded configurations on a switch', all)
  const names = some.map(({ name }) => name)

  test('there are so many, on so many releases', () => {
    const releases = new Set(all.map(({ eos }) => eos.split('.').slice(0, 3).join('.').replace(/\D*$/, '')))
    expect([all.length, releases.size]).toEqual([199, 27])
  })

  test('[3T5] without a switch, but for those that somebody has written into', { tags: 'long' }, () => {
    const changed = all.flatMap((one) => {
      const found = offlineDifference(one)
      return found.length === 0 ? [] : [[one.name, found[0]]]
    })
    expect(changed.map(([name]) => name)).toEqual(WRITTEN_INTO)
  })

  test('[3T5] on a switch that was booted with it; and each command is printed again', { tags: 'long' }, async () => {
    const differing: string[] = []
    const printedOtherwise: string[] = []
    for (const one of some) {
      const { isPrinted, diff } = await onSwitch(one)
      if (diff !== '') differing.push(one.name)
      if (!isPrinted) printedOtherwise.push(one.name)
    }
    expect(differing).toEqual([])
    expect(printedOtherwise).toEqual(BLOCK_TWICE.filter((name) => names.includes(name)))
  })

  test('[G38] [3T10] typed into a switch that has nothing of it no line is refused', { tags: 'long' }, async () => {
    const refused: string[] = []
    for (const one of some) refused.push(...(await refusalOf(one)))
    expect(refused).toEqual([])
  })

  test('[3T14] put in order by its version alone it has its sections as they were recorded', { tags: 'long' }, () => {
    const moved = all.filter(({ text, eos }) => {
      const tree = parseConfig(text)
      return roots(tree.children).join('\n') !== roots(normalizeConfig(tree, { version: eos }).children).join('\n')
    })
    expect(moved.map(({ name }) => name)).toEqual([...ONCE, ...BLOCK_TWICE])
  })
})
