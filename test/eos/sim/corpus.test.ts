import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commandsOf } from '../../../src/eos/config/commands.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { oneSwitchFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { recordings } from '../../recordings.ts'
import { simulate, simulated } from './simulate.ts'

const corpus = recordings('eos-corpus/')
const there = existsSync(corpus)
const WHOLE = ['real-device', 'field-like', 'avd-generated', 'avd-base']

const read = (path: string) => readFileSync(new URL(path, corpus), 'utf8')
const listed = (...kinds: readonly string[]) =>
  read('manifest.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kinds.includes(kind))

/** CR, trailing blanks and the final newline aside. */
const plain = (text: string) => text.replaceAll(/[ \t\r]+$/gm, '').replace(/\n+$/, '')
/**
 * A candidate without what EOS refuses in it: an IPv6 prefix in `ip route`, the length behind an address, which arista.avd gave up,
 * and a VLAN beyond 4094.
 */
const taken = (candidate: string) =>
  candidate
    .replace(/^ip route .*::\/0 .*$/gm, '!')
    .replace(/(ipv6 virtual-router address \S+)\/64/g, '$1')
    .replace(/(?<=\bvlan (?:\S+,)?)4096\b/g, '4090')

describe.skipIf(!there)('real configurations on the simulator (needs ../shared)', () => {
  test('verbatim prints every whole configuration as it was read', { tags: ['long', 'turn'] }, async () => {
    const files = listed(...WHOLE)
    expect(files).toHaveLength(397)
    for (const { file } of files) {
      const { text } = simulate(read(file), { verbatim: true, managementOutside: true })
      expect(plain(await text('show running-config')), file).toBe(plain(read(file)))
    }
  })

  test('every replace candidate is taken, committed, and typed again gives no diff', { tags: 'night' }, async () => {
    const folders = readdirSync(new URL('replace-pairs/', corpus))
    expect(folders).toHaveLength(79)
    for (const folder of folders) {
      // Logged in as a user that no configuration has: some of them give theirs another password.
      const fabric = oneSwitchFabric(read(`replace-pairs/${folder}/running.cfg`), { username: 'lab-of-the-test' })
      const { json, text } = simulated(fabric)
      const candidate = commandsOf(parseConfig(taken(read(`replace-pairs/${folder}/candidate.cfg`))))
      const load = ['rollback clean-config', ...candidate]
      expect((await json('configure session a', ...load, 'commit')).error, folder).toBeUndefined()
      expect(await text('configure session b', ...load, 'show session-config diffs'), folder).toBe('')
    }
  })
})
