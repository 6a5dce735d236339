import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commandSet, matchWords } from '../../../src/eos/sim/cli/command/command-words.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'

const BUILTIN = new URL('../../../src/eos/sim/show/builtin/', import.meta.url)
const SOURCES = readdirSync(BUILTIN).map((file) => readFileSync(new URL(file, BUILTIN), 'utf8'))

describe('the registry', () => {
  test('holds every command that a file in builtin/ defines', () => {
    const defined = SOURCES.flatMap((text) => [...text.matchAll(/^\s*words: '(.*)',$/gm)].map((match) => match[1]))
    expect(SHOW_COMMANDS.map(({ words }) => words).sort()).toEqual(defined.sort())
    expect(SHOW_COMMANDS.length).toBeGreaterThanOrEqual(121)
  })

  test('says of every command what it shows and where its form was recorded', () => {
    const said = SOURCES.join('').match(/^ *\/\/ [^{}]{20,}\.\n.*\{\n(?: *\.\.\..*\n)? *words: '/gm)
    expect(said).toHaveLength(SHOW_COMMANDS.length)
    for (const { words, json, text } of SHOW_COMMANDS) expect(json ?? text, words).toBeDefined()
  })
})

describe('what people and checks type', () => {
  const commands = commandSet(SHOW_COMMANDS)

  test.each([
    ['show interfaces', 'show interfaces [<interface>]', {}],
    ['show interfaces et1', 'show interfaces [<interface>]', { interface: 'et1' }],
    ['show interfaces status', 'show interfaces [<interface>] status', {}],
    ['show interfaces Ethernet1-4 status', 'show interfaces [<interface>] status', { interface: 'Ethernet1-4' }],
    ['show interfaces vxlan 1', 'show interfaces vxlan <number>', { number: '1' }],
    ['show vlan brief', 'show vlan [<vlans>] [brief]', {}],
    ['show vlan 110,120', 'show vlan [<vlans>] [brief]', { vlans: '110,120' }],
    ['show vlan configured-ports', 'show vlan configured-ports', {}],
    ['show bgp summary vrf all', 'show bgp summary [vrf <vrf>]', { vrf: 'all' }],
    ['show ip route vrf PROD summary', 'show ip route [vrf <vrf>] summary', { vrf: 'PROD' }],
    ['show lldp neighbors detail', 'show lldp neighbors [<interface>] detail', {}],
    ['show port-channel dense', 'show port-channel (summary|dense)', {}],
    ['show port-channel Port-Channel1', 'show port-channel [<interface>] [all-ports]', { interface: 'Port-Channel1' }],
  ])('%s', (typed, words, args) => {
    const match = matchWords(commands, typed.split(' '), false)
    expect('found' in match ? [match.found.words, match.args] : match).toEqual([words, args])
  })
})
