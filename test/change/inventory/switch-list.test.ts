import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { readSwitchList } from '../../../src/project/files/settings/switch-list.ts'
import { problemsOf } from '../../../src/text/source/located.ts'

const read = parseInventory(
  `version: 1
defaults: { credentials: op }
credentials: { op: { username: op, password: '\${env:OP}' } }
devices:
  leaf1: { host: 192.0.2.1, tags: { role: leaf } }
  leaf2: { host: 192.0.2.2, tags: { role: leaf } }
  spine1: { host: 192.0.2.3, tags: { role: spine } }
`,
  'inventory.yaml',
)
if (!read.ok) throw new Error(JSON.stringify(read.problems))
const inventory = read.value

const namesIn = (text: string | Uint8Array) => {
  const list = readSwitchList(text, 'some.txt', inventory)
  return list.ok ? list.value : undefined
}

const placesIn = (text: string | Uint8Array) =>
  problemsOf(readSwitchList(text, 'some.txt', inventory)).map(
    ({ code, at }) => `${at.file}:${at.line}:${at.column} ${code}`,
  )

describe('a list of switches', () => {
  test.each([
    ['a .retry file of Ansible', 'leaf1\nleaf2\n', ['leaf1', 'leaf2']],
    ['no line break at the end', 'leaf2', ['leaf2']],
    ['comments, blanks and empty lines', '# all\n\n  leaf1   # the first\n\t\nleaf2\t#x\n', ['leaf1', 'leaf2']],
    ['a name twice', 'leaf1\nleaf1\n', ['leaf1']],
    ['selectors', 'spine1\nrole:leaf and not leaf1\n', ['spine1', 'leaf2']],
    ['globs and commas', 'leaf*, spine1\n', ['leaf1', 'leaf2', 'spine1']],
    ['the lines of Windows', '\ufeffleaf1\r\nleaf2\r\n', ['leaf1', 'leaf2']],
  ])('%s', (_what, text, expected) => {
    expect(namesIn(text)).toEqual(expected)
    expect(namesIn(Buffer.from(text))).toEqual(expected)
  })

  test('says of each line what is wrong with it, all at once', () => {
    expect(placesIn('leaf1\nleaf9 # gone\n  role:lef\nleaf1 leaf2\n\n@more.txt\nfailed:@latest\nand\n')).toEqual([
      'some.txt:2:1 unknown-target',
      'some.txt:3:3 unknown-target',
      'some.txt:4:7 selector-syntax',
      'some.txt:6:1 selector-syntax',
      'some.txt:7:1 selector-syntax',
      'some.txt:8:1 selector-syntax',
    ])
  })

  test.each([
    ['nothing', '', 'some.txt:1:1 nothing-selected'],
    ['comments alone', '# leaf1\n', 'some.txt:1:1 nothing-selected'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x6c, 0), 'some.txt:1:1 not-text'],
    ['more than 1 MiB', 'leaf1\n'.repeat(200_000), 'some.txt:1:1 too-large'],
    ['an invisible character', 'leaf1\nle\u200baf2\n', 'some.txt:2:3 invisible-character'],
  ])('%s is refused', (_what, text, expected) => {
    expect(placesIn(text)).toEqual([expected])
  })

  test('of many lines that are no names the first 200 are judged, and what follows is said not to be read', () => {
    const places = placesIn(`leaf1\n${'role:*\n'.repeat(200)}leaf2\nnobody\n`)
    expect(places).toEqual(['some.txt:203:1 too-many-selectors'])
  })
})
