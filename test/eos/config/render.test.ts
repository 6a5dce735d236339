import { expect, test } from 'vitest'
import { renderConfig, renderNode } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode } from '../../../src/eos/config/text/tree.ts'

function node(line: string, more: Partial<ConfigNode> = {}) {
  return { line, children: [], lead: [], tail: [], ...more }
}

test('a tree made by hand is rendered with three blanks a level and nothing added', () => {
  const tree = {
    children: [
      node('hostname leaf1', { lead: ['! device: leaf1 (vEOS, EOS-4.32.1F)', '!'] }),
      node('router bgp 65001', {
        lead: ['!'],
        children: [
          node('vrf A', { lead: ['   !'], children: [node('rd 1:1', { trailing: ' ' })] }),
          node('odd', { indent: 2 }),
        ],
        tail: ['   !'],
      }),
      node('banner login', { lead: ['!'], body: [['', '  !', 'EOF']] }),
    ],
    tail: ['!'],
  }
  expect(renderConfig(tree)).toBe(
    [
      '! device: leaf1 (vEOS, EOS-4.32.1F)',
      '!',
      'hostname leaf1',
      '!',
      'router bgp 65001',
      '   !',
      '   vrf A',
      '      rd 1:1 ',
      '  odd',
      '   !',
      '!',
      'banner login',
      '',
      '  !',
      'EOF',
      '!',
      '',
    ].join('\n'),
  )
})

test('the empty tree is the empty text', () => {
  expect(renderConfig({ children: [], tail: [] })).toBe('')
})

test('one node is rendered at its depth with the trivia before it', () => {
  expect(renderNode(node('vrf A', { lead: ['   !'], children: [node('rd 1:1')] }), 1)).toEqual([
    '   !',
    '   vrf A',
    '      rd 1:1',
  ])
})
