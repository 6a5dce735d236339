import { describe, expect, test } from 'vitest'
import { commandsOf } from '../../../src/eos/config/commands.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { asPrinted, ownConfigs, ownPairs } from '../config/texts.ts'
import { asConfig, linesOf, shown } from './recorded.ts'
import { simulate } from './simulate.ts'

/** CR, trailing blanks and the final newline aside. */
const plain = (text: string) => text.replaceAll(/[ \t\r]+$/gm, '').replace(/\n+$/, '')
/** Commands only: no comments, separators, `end`. */
const commands = (text: string) =>
  plain(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('!') && line !== 'end')

describe.each(ownConfigs)('the configuration $name on a switch', ({ text: config }) => {
  test('verbatim prints it as it was read', async () => {
    const { text } = simulate(config, { verbatim: true, managementOutside: true })
    expect(plain(await text('show running-config'))).toBe(plain(config))
  })

  test('booted from what was shown, as text and as JSON, it shows the same', async () => {
    const first = await shown(config)
    const again = await shown(first.text)
    const fromJson = await shown(`${asConfig(first.json)}\nend\n`)
    expect(again).toEqual(first)
    expect(JSON.stringify(fromJson.json.cmds)).toBe(JSON.stringify(first.json.cmds))
    expect(fromJson.json.comments).toEqual(first.json.comments)
    const kept = linesOf(asConfig(first.json))
    expect(linesOf(first.text).size).toBeGreaterThan(20)
    expect([...linesOf(first.text)].filter((line) => !kept.has(line))).toEqual([])
  })
})

test.each(asPrinted)('what a switch prints is printed again without verbatim: $name', async ({ text: config }) => {
  const { text } = simulate(config, { managementOutside: true })
  expect(commands(await text('show running-config'))).toEqual(commands(config))
})

test.each(ownPairs)('the candidate of $name is taken and committed, and typed again gives no diff', async (pair) => {
  const { json, text } = simulate(pair.running, { managementOutside: true })
  const load = ['rollback clean-config', ...commandsOf(parseConfig(pair.candidate))]
  expect((await json('configure session a', ...load, 'commit')).error).toBeUndefined()
  expect(await text('configure session b', ...load, 'show session-config diffs')).toBe('')
})

/** Printed by Python's difflib for the two texts from `! device:` on (docs/eos.md 3.2). */
const DIFF = `--- system:/running-config
+++ session:/own-session-config
@@ -38,7 +38,7 @@
    switchport trunk group PEER
 !
 interface Ethernet1
-   description uplink; port 7
+   description uplink; port 8
    no switchport
    ip address 198.51.100.1/31
    ip ospf network point-to-point
@@ -50,6 +50,7 @@
    switchport access vlan 10
 !
 interface Ethernet3
+   shutdown
 !
 interface Ethernet4
    channel-group 5 mode active
`

test('a 4.22 prints its diff as difflib does, with the numbers of its lines', async () => {
  const edge = ownConfigs.find(({ name }) => name === 'edge1.cfg')?.text ?? ''
  const { text } = simulate(edge, { eos: '4.22.1F', managementOutside: true })
  const typed = ['interface Ethernet1', 'description uplink; port 8', 'interface Ethernet3', 'shutdown']
  expect(await text('configure session own', ...typed, 'show session-config diffs')).toBe(DIFF)
  const same = ['rollback clean-config', ...commandsOf(parseConfig(edge))]
  expect(await text('configure session same', ...same, 'show session-config diffs')).toBe('')
})
