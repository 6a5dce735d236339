import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { commandsOf, commandsOfLines } from '../../../src/eos/config/commands.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import type { Device, StageRequest } from '../../../src/eos/device/device.ts'
import { startFabric } from '../../../src/lab/trial/start-fabric.ts'
import type { Command } from '../../../src/model/command.ts'
import { linesOf } from '../../table.ts'
import { deviceOver } from './device-over.ts'

const config = (name: string) =>
  readFileSync(new URL(`../../../fixtures/dc1/${name}/running-config`, import.meta.url), 'utf8')

/** Texts, comments and every mode of a few, as lines of a change. */
const TEXTS = parseConfig(`banner login
No entry.
% Invalid input
leaf1#
   indented, and what? is no question here
!! not a comment
EOF
!
interface Ethernet1
   description leaf1#
   !! the first comment
   !! and the second
!
ip access-list HOSTS
   10 permit ip 10.0.0.0/8 any
   20 deny ip any any
!
router bgp 65101
   !! routing
   address-family ipv4
      neighbor 10.9.9.9 activate
!
`)

/** One simulated switch, over eAPI and over SSH at once. */
async function both(name: string): Promise<readonly [eapi: Device, ssh: Device]> {
  const fabric = await startFabric({ config: config(name), eos: '4.32.2F', name })
  onTestFinished(() => fabric.close())
  const switched = fabric.device(name)
  return [await deviceOver('eapi', switched), await deviceOver('ssh', switched)]
}

async function sameOnBoth(name: string, mode: StageRequest['mode'], commands: readonly Command[]) {
  const [eapi, ssh] = await both(name)
  const request = { mode, commands }
  const one = await eapi.stage({ ...request, session: 'eosflow-1a2b3c4d-1' })
  const other = await ssh.stage({ ...request, session: 'eosflow-1a2b3c4d-2' })
  expect(other.running).toBe(one.running)
  expect(other.startupDiff).toBe(one.startupDiff)
  expect(other.candidate.replace('1a2b3c4d-2', '1a2b3c4d-1')).toBe(one.candidate)
  expect(changesIn(other.diff)).toEqual(changesIn(one.diff))
  return other.candidate
}

const changesIn = (diff: string) => diff.split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line))

describe('one change over eAPI and over SSH', () => {
  test('with texts, comments and modes is one candidate', async () => {
    const candidate = await sameOnBoth('leaf1', 'merge', commandsOf(TEXTS))
    for (const line of ['% Invalid input', '   !! and the second', '   20 deny ip any any', '   !! routing']) {
      expect(candidate.split('\n')).toContain(line)
    }
  })

  test.each(['leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1', 'spine2'])(
    'of the whole configuration of %s',
    { tags: ['long', 'turn'] },
    async (name) => {
      // A leaf has more ports than a spine.
      const other = { leaf1: 'spine1', spine1: 'spine2', spine2: 'spine1' }[name] ?? 'leaf1'
      const commands = commandsOf(parseConfig(config(other)))
      expect(commands.length).toBeGreaterThan(80)
      expect(await sameOnBoth(name, 'replace', commands)).toContain(`\nhostname ${other}\n`)
    },
  )

  test('as flat lines', async () => {
    const lines = linesOf(`
      vlan 998
      name TESTED
      interface Ethernet2
      switchport access vlan 998
      vlan 999
    `)
    expect(await sameOnBoth('leaf3', 'merge', commandsOfLines(lines))).toContain('\nvlan 998\n   name TESTED\n')
  })
})
