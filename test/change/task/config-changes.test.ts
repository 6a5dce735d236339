import { describe, expect, test } from 'vitest'
import {
  besideTarget,
  changesBehindCommit,
  onlyForeignLines,
  sameBehindCommit,
  shownLines,
} from '../../../src/change/task/act/config-changes.ts'

const BASE = 'hostname leaf1\n!\ninterface Ethernet48/1\n   description up\n!\nvlan 10\n!\nend\n'
const TARGET = BASE.replace('vlan 10\n', 'vlan 10\n!\nvlan 20\n   name RED\n')
const CHANGE = { base: BASE, target: TARGET }
const withBlock = (text: string, ...block: readonly string[]) =>
  text.replace('vlan 10\n', `${block.join('\n')}\n!\nvlan 10\n`)

describe('[F21c] behind a commit', () => {
  test.each([
    ['nothing differs', TARGET, []],
    ['an empty interface block appears', withBlock(TARGET, 'interface Ethernet48/2'), []],
    [
      'an interface block with a line appears',
      withBlock(TARGET, 'interface Ethernet48/2', '   shutdown'),
      ['+interface Ethernet48/2', '+interface Ethernet48/2 / shutdown'],
    ],
    [
      'an interface block goes with its line',
      TARGET.replace('interface Ethernet48/1\n   description up\n!\n', ''),
      ['-interface Ethernet48/1', '-interface Ethernet48/1 / description up'],
    ],
    [
      'the last line of an interface block goes',
      TARGET.replace('   description up\n', ''),
      ['-interface Ethernet48/1 / description up'],
    ],
    ['another empty block appears', withBlock(TARGET, 'vlan 7'), ['+vlan 7']],
    [
      'an interface word deeper down',
      TARGET.replace('vlan 20\n', 'vlan 20\n   interface none\n'),
      ['+vlan 20 / interface none'],
    ],
  ])('%s', (_, found, lines) => {
    expect(shownLines(changesBehindCommit(TARGET, found, CHANGE))).toEqual(lines)
    expect(sameBehindCommit(TARGET, found, CHANGE)).toBe(lines.length === 0)
  })

  test('an empty interface block goes', () => {
    const target = withBlock(TARGET, 'interface Ethernet48/2')
    expect(changesBehindCommit(target, TARGET, { base: withBlock(BASE, 'interface Ethernet48/2'), target })).toEqual([])
  })

  test('an empty interface block that the change itself makes is a line like another', () => {
    const made = { base: BASE, target: withBlock(BASE, 'interface Loopback7') }
    expect(sameBehindCommit(made.base, made.target, made)).toBe(false)
    expect(sameBehindCommit(made.target, made.base, made)).toBe(false)
    expect(onlyForeignLines(made.base, made.target, made.target)).toBeUndefined()
  })

  test('[P14] what somebody has taken away of the change is no change of his own', () => {
    const running = BASE.replace('vlan 10\n', 'vlan 10\n!\nvlan 777\n')
    expect(besideTarget(CHANGE, running)).toEqual({
      foreign: ['+vlan 777'],
      taken: ['-vlan 20', '-vlan 20 / name RED'],
    })
  })
})
