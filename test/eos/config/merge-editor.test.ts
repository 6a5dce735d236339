import { describe, expect, test } from 'vitest'
import { ConfigEditor } from '../../../src/eos/config/rules/editor.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { dedented, linesOf } from '../../table.ts'

const running = dedented(`
  hostname leaf1
  !
  interface Ethernet1
     description a
  !
  ip access-list ACL
     10 permit ip any any
  !
  router bgp 65001
     router-id 10.0.0.1
`)

const open = (path?: readonly string[]) => new ConfigEditor(parseConfig(running), path === undefined ? {} : { path })
const where = (editor: ConfigEditor) => editor.path.map(({ line }) => line)

describe('the editor', () => {
  test('a dialogue: what each line does and which mode follows', () => {
    const editor = open()
    const dialogue = [
      ['interface et1', 'entered', ['interface Ethernet1']],
      ['description b', 'applied', ['interface Ethernet1']],
      ['description b', 'unchanged', ['interface Ethernet1']],
      ['  !', 'unchanged', ['interface Ethernet1']],
      ['', 'unchanged', ['interface Ethernet1']],
      ['exit', 'left', []],
      ['router bgp 65001', 'entered', ['router bgp 65001']],
      ['vrf A', 'entered', ['router bgp 65001', 'vrf A']],
      ['address-family ipv4', 'entered', ['router bgp 65001', 'vrf A', 'address-family ipv4']],
      ['neighbor 10.0.0.2 activate', 'applied', ['router bgp 65001', 'vrf A', 'address-family ipv4']],
      ['rd 10.0.0.1:1', 'applied', ['router bgp 65001', 'vrf A']],
      ['vrf B', 'entered', ['router bgp 65001', 'vrf B']],
      ['no such thing', 'unknown', ['router bgp 65001', 'vrf B']],
      ['interface Ethernet1-2', 'entered', ['interface Ethernet1-2']],
      ['hostname leaf2', 'applied', []],
      ['router bgp 65002', 'refused', []],
      ['router bgp 65001', 'entered', ['router bgp 65001']],
      ['end', 'left', []],
    ] as const
    for (const [line, kind, path] of dialogue) {
      expect([line, editor.type(line).kind, where(editor)]).toEqual([line, kind, path])
    }
  })

  test('the path names the mode of each step', () => {
    expect(open(['router bgp 65001', 'vrf A', 'address-family ipv4']).path).toEqual([
      { mode: 'bgp', line: 'router bgp 65001' },
      { mode: 'bgp-vrf', line: 'vrf A' },
      { mode: 'bgp-family', line: 'address-family ipv4' },
    ])
  })

  test('an access list takes effect when its mode is left', () => {
    const editor = open()
    editor.type('ip access-list ACL')
    editor.type('20 deny ip any any')
    expect(renderConfig(editor.tree())).toBe(running)
    editor.type('hostname leaf1')
    expect(renderConfig(editor.tree())).toContain('   10 permit ip any any\n   20 deny ip any any\n')
  })

  test('an access list that is aborted stays as it was', () => {
    const editor = open(['ip access-list NEW'])
    editor.type('10 permit ip any any')
    expect(editor.type('abort').kind).toBe('left')
    expect(renderConfig(editor.tree())).toBe(running)
  })

  test('a text is given as input or line by line', () => {
    const given = open()
    expect(given.type('banner motd', 'one\n two\nEOF\n').kind).toBe('applied')
    const typed = open()
    expect(['banner motd', 'one', ' two', 'EOF'].map((line) => typed.type(line).kind)).toEqual([
      'text',
      'text',
      'text',
      'applied',
    ])
    expect(typed.awaitsText).toBe(false)
    expect(renderConfig(typed.tree())).toBe(running.replace('interface', 'banner motd\none\n two\nEOF\n!\ninterface'))
    expect(given.tree()).toEqual(typed.tree())
    expect(given.type('banner motd', 'one\n two').kind).toBe('unchanged')
  })

  test('a certificate has two texts', () => {
    const editor = open(['management api http-commands'])
    editor.type('protocol https certificate')
    for (const line of ['cert', 'EOF', 'key']) expect(editor.type(line).kind).toBe('text')
    expect(editor.type('EOF').kind).toBe('applied')
    expect(renderConfig(editor.tree())).toContain('   protocol https certificate\ncert\nEOF\nkey\nEOF\n')
  })

  test('a mode comment replaces the one before', () => {
    const editor = open(['interface Ethernet1'])
    editor.type('comment', 'first\nsecond')
    editor.type('comment', 'third')
    expect(renderConfig(editor.tree())).toContain('interface Ethernet1\n   !! third\n   description a\n')
    expect(editor.type('comment', 'third').kind).toBe('unchanged')
  })

  test('indentation means nothing to a command that the rules know', () => {
    const editor = open()
    editor.type('   interface Ethernet1')
    editor.type('mtu 9000')
    editor.type('         router bgp 65001')
    editor.type(' maximum-paths 4')
    expect(renderConfig(editor.tree())).toContain('   description a\n   mtu 9000\n')
    expect(renderConfig(editor.tree())).toContain('   router-id 10.0.0.1\n   maximum-paths 4\n')
  })

  test('a block that no rule knows takes the lines indented below it, and ends where they end', () => {
    const editor = open()
    const lines = linesOf(`
      shiny service
         colour red
         part a
            size 3
         shape round
      other thing
    `)
    expect(lines.map((line) => editor.type(line).kind)).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ])
    expect(renderConfig(editor.tree())).toContain(
      'shiny service\n   colour red\n   part a\n      size 3\n   !\n   shape round\n!\nother thing\n',
    )
  })

  test('a whole large configuration is typed in well under a second', () => {
    const lines = Array.from({ length: 2000 }, (_, index) => [
      `interface Vlan${index + 1}`,
      `   ip address 10.${index >> 8}.${index & 255}.1/24`,
      '!',
    ]).flat()
    const editor = new ConfigEditor({ children: [], tail: [] })
    const start = performance.now()
    for (const line of lines) editor.type(line)
    expect(editor.tree().children).toHaveLength(2000)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
