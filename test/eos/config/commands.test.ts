import { describe, expect, test } from 'vitest'
import { commandsOf, commandsOfLines } from '../../../src/eos/config/commands.ts'
import { diffConfig, isEmptyChange } from '../../../src/eos/config/diff/diff.ts'
import { cleanConfig, replaceConfig } from '../../../src/eos/config/merge.ts'
import { ConfigEditor } from '../../../src/eos/config/rules/editor.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode } from '../../../src/eos/config/text/tree.ts'
import type { Command } from '../../../src/model/command.ts'
import { linesOf } from '../../table.ts'
import { replacePairs, shared, wholeConfigs } from './replace-pairs.ts'

/** The commands of a text, one line each; input behind `<<`. */
const typed = (text: string) =>
  commandsOf(parseConfig(text)).map(({ cmd, input }) => cmd.trim() + (input === undefined ? '' : ` << ${input}`))

describe('commandsOf', () => {
  test('header, separators, comments, blank lines and `end` are not sent', () => {
    const text =
      '! Command: show running-config\n! device: leaf1 (vEOS-lab, EOS-4.31.2F)\n!\n! a note\n\nhostname leaf1\n!\nip routing\n!\nend\n'
    expect(typed(text)).toEqual(['hostname leaf1', 'ip routing'])
  })

  test('a block is typed by mode and left by one exit', () => {
    expect(typed('interface Ethernet1\n   description uplink\n   no switchport\n!\nip routing\n')).toEqual(
      linesOf(`
      interface Ethernet1
      description uplink
      no switchport
      exit
      ip routing
    `),
    )
  })

  test('commands keep three blanks a level, whatever the text had', () => {
    expect(commandsOf(parseConfig('router bgp 1\n vrf BLUE\n     rd 1:1\n')).map(({ cmd }) => cmd)).toEqual(
      linesOf(`
      router bgp 1
         vrf BLUE
            rd 1:1
            exit
         exit
    `),
    )
  })

  test('a sibling after a nested block is typed in its own mode', () => {
    const text = linesOf(`
      router bgp 65001
         router-id 10.0.0.1
         address-family evpn
            neighbor SPINES activate
         !
         neighbor SPINES send-community
         vrf BLUE
            rd 10.0.0.1:10
      vlan 10
         name BLUE
    `).join('\n')
    expect(typed(text)).toEqual(
      linesOf(`
      router bgp 65001
      router-id 10.0.0.1
      address-family evpn
      neighbor SPINES activate
      exit
      neighbor SPINES send-community
      vrf BLUE
      rd 10.0.0.1:10
      exit
      exit
      vlan 10
      name BLUE
      exit
    `),
    )
  })

  test('a command that enters a mode with nothing under it is left too: `vlan 10` is not the vlan of router bgp', () => {
    expect(typed('router bgp 65001\nvlan 10\ninterface Ethernet1\nno interface Vlan10\nip routing\n')).toEqual(
      linesOf(`
      router bgp 65001
      exit
      vlan 10
      exit
      interface Ethernet1
      exit
      no interface Vlan10
      ip routing
    `),
    )
    expect(typed('router bgp 65001\n   vlan 10\n   neighbor A shutdown\n')).toEqual(
      linesOf(`
      router bgp 65001
      vlan 10
      exit
      neighbor A shutdown
      exit
    `),
    )
  })

  test('an access list is left at the end, so that its entries are in the session', () => {
    expect(typed('ip access-list MGMT\n   10 permit ip any any\n')).toEqual([
      'ip access-list MGMT',
      '10 permit ip any any',
      'exit',
    ])
  })

  test('explicit exits of a rendered text are not typed a second time', () => {
    const text =
      'router general\n   vrf BLUE\n      leak routes source-vrf RED\n      exit\n   !\n   exit\n!\nip routing\n'
    expect(typed(text)).toEqual(
      linesOf(`
      router general
      vrf BLUE
      leak routes source-vrf RED
      exit
      exit
      ip routing
    `),
    )
  })

  test('a banner keeps its text as it is, and the closing EOF is not part of it', () => {
    expect(commandsOf(parseConfig('banner login\n  Welcome!\n!! no entry\n\nrouter bgp 1\nEOF\nip routing\n'))).toEqual<
      Command[]
    >([{ cmd: 'banner login', input: '  Welcome!\n!! no entry\n\nrouter bgp 1' }, { cmd: 'ip routing' }])
    expect(typed('banner motd\nEOF\n')).toEqual(['banner motd << '])
  })

  test('a certificate and its key are one input with EOF between them', () => {
    const text =
      'management api http-commands\n   protocol https certificate\n-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\nEOF\n-----BEGIN PRIVATE KEY-----\nBB\n-----END PRIVATE KEY-----\nEOF\n   no shutdown\n'
    expect(typed(text)).toEqual([
      'management api http-commands',
      'protocol https certificate << -----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\nEOF\n-----BEGIN PRIVATE KEY-----\nBB\n-----END PRIVATE KEY-----',
      'no shutdown',
      'exit',
    ])
  })

  test('a mode comment is input, written as a heredoc or as `!!` lines; several lines are one comment', () => {
    expect(typed('interface Ethernet1\n   comment\n   to rack 4\n     port 2\n   EOF\n   mtu 9214\n')).toEqual([
      'interface Ethernet1',
      'comment << to rack 4\n  port 2',
      'mtu 9214',
      'exit',
    ])
    expect(typed('interface Ethernet1\n   !! to rack 4\n   !! port 2\n   mtu 9214\n   !! \n')).toEqual([
      'interface Ethernet1',
      'comment << to rack 4\nport 2\n',
      'mtu 9214',
      'exit',
    ])
    expect(typed('interface Ethernet1\n   !! \n')).toEqual(['interface Ethernet1', 'comment <<  ', 'exit'])
  })

  test('a code unit keeps the indentation of its lines', () => {
    const text =
      'router general\n   control-functions\n      code unit FILTERS\n         function ACCEPT() {\n           return true;\n         }\n         EOF\n'
    expect(typed(text)).toEqual([
      'router general',
      'control-functions',
      'code unit FILTERS << function ACCEPT() {\n  return true;\n}',
      'exit',
      'exit',
    ])
  })

  test('a text loses no more than the indentation of its end, and keeps an empty line before it', () => {
    const text =
      'router general\n   control-functions\n      code\n         function A() {\n         }\n      \n      EOF\n'
    expect(typed(text)[2]).toBe('code <<    function A() {\n   }\n\n')
  })

  test('an empty text has no commands', () => {
    expect(typed('')).toEqual([])
    expect(typed('!\nend\n')).toEqual([])
  })
})

describe('commandsOfLines', () => {
  const cmds = (...lines: string[]) => commandsOfLines(lines).map(({ cmd }) => cmd.trim())

  test('lines that are indented are nested as they are indented', () => {
    expect(cmds('vlan 10', '   name BLUE', 'interface Ethernet1', '   mtu 9214')).toEqual(
      linesOf(`
      vlan 10
      name BLUE
      exit
      interface Ethernet1
      mtu 9214
      exit
    `),
    )
  })

  test('flat lines are nested by the mode that knows them', () => {
    expect(
      cmds('interface Ethernet1', 'mtu 9214', 'no shutdown', 'interface Ethernet2', 'mtu 9214', 'ip routing'),
    ).toEqual(
      linesOf(`
      interface Ethernet1
      mtu 9214
      no shutdown
      exit
      interface Ethernet2
      mtu 9214
      exit
      ip routing
    `),
    )
    expect(
      cmds('router bgp 65001', 'address-family evpn', 'neighbor A activate', 'neighbor A remote-as 65002'),
    ).toEqual(
      linesOf(`
      router bgp 65001
      address-family evpn
      neighbor A activate
      exit
      neighbor A remote-as 65002
      exit
    `),
    )
  })

  test('an exit among flat lines is typed once, and an access list is left at the end', () => {
    expect(
      cmds('router bgp 65001', 'exit', 'vlan 10', 'end', 'exit', 'ip access-list A', '10 permit ip any any'),
    ).toEqual(['router bgp 65001', 'exit', 'vlan 10', 'exit', 'ip access-list A', '10 permit ip any any', 'exit'])
  })

  test('a flat banner keeps its text', () => {
    expect(commandsOfLines(['interface Ethernet1', 'banner login', '   hello', 'EOF'])).toEqual([
      { cmd: 'interface Ethernet1' },
      { cmd: '   exit' },
      { cmd: 'banner login', input: '   hello' },
    ])
  })

  test('nothing to type', () => {
    expect(cmds()).toEqual([])
    expect(cmds('!', '', 'end')).toEqual([])
  })
})

/** A command of a tree and how deep it stands; mode comments and lines that only leave a mode aside. */
interface Place {
  readonly line: string
  readonly depth: number
  readonly block: boolean
}

const aside = /^(?:!!.*|comment|end|exit|exit-address-family)$/

function places(nodes: readonly ConfigNode[], depth = 0): Place[] {
  return nodes.flatMap(({ line, children }) => {
    const below = places(children, depth + 1)
    return aside.test(line) ? below : [{ line, depth, block: children.length > 0 }, ...below]
  })
}

/** Each command but comments, with the number of `exit`s typed after it. */
function withExits(commands: readonly Command[]): { cmd: string; exits: number }[] {
  const typedIn: { cmd: string; exits: number }[] = []
  for (const cmd of commands.map((command) => command.cmd.trim())) {
    const last = typedIn.at(-1)
    if (cmd === 'exit' && last) last.exits += 1
    else if (cmd !== 'comment') typedIn.push({ cmd, exits: 0 })
  }
  return typedIn
}

describe.skipIf(!shared)(
  'every recorded whole configuration (skipped without the shared material)',
  { tags: ['long', 'turn'] },
  () => {
    test('each command is typed in the mode it is in, and every mode entered is left', () => {
      const texts = [...wholeConfigs().map(({ text }) => text), ...replacePairs().map(({ candidate }) => candidate)]
      let commands = 0
      for (const text of texts) {
        const tree = parseConfig(text)
        const expected = places(tree.children)
        const typedIn = withExits(commandsOf(tree))
        expect(typedIn.map(({ cmd }) => cmd)).toEqual(expected.map(({ line }) => line))
        const wrong = typedIn.filter(({ exits }, n) => {
          const up = (expected[n]?.depth ?? 0) - (expected[n + 1]?.depth ?? 0)
          // A command with nothing under it may have entered a mode of its own; one with something under it has.
          return expected[n]?.block ? exits !== Math.max(0, up + 1) : exits !== up && exits !== up + 1
        })
        expect(wrong).toEqual([])
        commands += typedIn.length
      }
      expect(texts).toHaveLength(476)
      expect(commands).toBeGreaterThan(90_000)
    })

    test('the configuration model takes each command in the mode it is typed in, none in another', () => {
      const texts = [...wholeConfigs().map(({ text }) => text), ...replacePairs().map(({ candidate }) => candidate)]
      const astray = texts.flatMap((text) => {
        const editor = new ConfigEditor({ children: [], tail: [] })
        return commandsOf(parseConfig(text)).filter(({ cmd, input }) => {
          const { kind } = editor.type(cmd, input)
          const depth = (cmd.length - cmd.trimStart().length) / 3
          const shift = kind === 'entered' ? 1 : kind === 'left' ? -1 : 0
          return kind === 'refused' || editor.path.length !== depth + shift
        })
      })
      expect(astray).toEqual([])
      expect(texts).toHaveLength(476)
    })

    test('typed line by line they give what entering the whole text gives', () => {
      const pairs = replacePairs()
      const different = pairs.filter(({ running, candidate }) => {
        const before = parseConfig(running)
        const editor = new ConfigEditor(cleanConfig(before), { printed: before })
        for (const { cmd, input } of commandsOf(parseConfig(candidate))) editor.type(cmd, input)
        const entered = replaceConfig(parseConfig(running), candidate.split('\n'))
        return !isEmptyChange(diffConfig(entered, editor.tree()))
      })
      process.stdout.write(`typed as entered: ${pairs.length - different.length} of ${pairs.length} candidates\n`)
      // What is left holds blocks inside modes that have no table of their own: typed, they are taken for plain settings.
      expect(pairs).toHaveLength(79)
      expect(different.length).toBeLessThanOrEqual(5)
    })
  },
)
