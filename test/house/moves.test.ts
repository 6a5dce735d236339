import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../extent.ts'
import { temporaryFolder } from '../lab/folder.ts'

const MOVE = fileURLToPath(new URL('../../build/move.mjs', import.meta.url))

/** What each file of a small checkout says, before a move and after it. */
const FILES: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'src/room/door.ts': [
    "import { key } from './key.ts'\nimport { wall } from '../house/wall.ts'\nnew URL('key.css', import.meta.url)\nif (a.startsWith('../') || a === '..') b(new URL(`../../${file}`, './not-there.ts'), new URL('..', import.meta.url), `./${a}`)\n",
    "import { key } from '../room/key.ts'\nimport { wall } from '../../house/wall.ts'\nnew URL('../room/key.css', import.meta.url)\nif (a.startsWith('../') || a === '..') b(new URL(`../../../${file}`, './not-there.ts'), new URL('../..', import.meta.url), `./${a}`)\n",
  ],
  'src/room/key.ts': [
    '// `house/wall.ts`, as src/room/door.ts says\nexport const key = 1\n',
    '// `house/wall.ts`, as src/floor/hall/door.ts says\nexport const key = 1\n',
  ],
  'src/room/key.css': ['a{}\n', 'a{}\n'],
  'src/house/wall.ts': [
    "export const wall = () => import('../room/door.ts')\n",
    "export const wall = () => import('../floor/hall/door.ts')\n",
  ],
  'test/room/door.test.ts': [
    "import '../../src/room/door.ts'\nreadFileSync(new URL('../../src/room/', import.meta.url))\nspawn(`../../src/room/${file}.ts`)\nread(join(SRC, '../room/key.ts'))\n['room/key.js', 'room/lock.test.ts']\n",
    "import '../../src/floor/hall/door.ts'\nreadFileSync(new URL('../../src/floor/room/', import.meta.url))\nspawn(`../../src/floor/room/${file}.ts`)\nread(join(SRC, '../room/key.ts'))\n['floor/room/key.js', 'floor/lock.test.ts']\n",
  ],
  'test/room/lock.test.ts': ['\n', '\n'],
  'docs/page.md': [
    'See [the door](../src/room/door.ts#L1), `room/key.ts`, `src/room` and [another](other.md).\n',
    'See [the door](../src/floor/hall/door.ts#L1), `floor/room/key.ts`, `src/floor/room` and [another](far/other.md).\n',
  ],
  'docs/other.md': ['[Back](page.md#top)\n', '[Back](../page.md#top)\n'],
  'knip.json': [
    '{ "entry": ["src/room/*.{ts,css}", "./dist/room/door.js", "dist/room/door.d.ts"] }\n',
    '{ "entry": ["src/floor/room/*.{ts,css}", "./dist/floor/hall/door.js", "dist/floor/hall/door.d.ts"] }\n',
  ],
}

const TABLE = `# a folder, one file of it that goes elsewhere, a test, and a page
room\tfloor/room
room/door.ts\tfloor/hall/door.ts
test/room/lock.test.ts\ttest/floor/lock.test.ts
docs/other.md\tdocs/far/other.md
`
const MOVED: Readonly<Record<string, string>> = {
  'test/room/lock.test.ts': 'test/floor/lock.test.ts',
  'src/room/door.ts': 'src/floor/hall/door.ts',
  'src/room/key.ts': 'src/floor/room/key.ts',
  'src/room/key.css': 'src/floor/room/key.css',
  'docs/other.md': 'docs/far/other.md',
}

function checkout() {
  const root = temporaryFolder()
  for (const [file, [text]] of Object.entries(FILES)) {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  execFileSync('git', ['init', '--quiet', root])
  return root
}

function move(root: string, table: string, ...options: readonly string[]) {
  const path = join(temporaryFolder(), 'table.tsv')
  writeFileSync(path, table)
  return spawnSync(process.execPath, [MOVE, path, ...options], { cwd: root, encoding: 'utf8' })
}

const listed = (root: string) =>
  execFileSync('git', ['ls-files', '--others'], { cwd: root, encoding: 'utf8' }).trim().split('\n')

describe('a table of moves', () => {
  test('moves files and whole folders, and rewrites each text that names one; a second run changes nothing', () => {
    const root = checkout()
    expect(move(root, TABLE, '--dry').stdout).toBe('5 files moved, 7 rewritten (if it were done)\n')
    expect(listed(root)).toEqual(Object.keys(FILES).sort())
    expect(move(root, TABLE).stdout).toBe('5 files moved, 7 rewritten\n')
    for (const [file, [, text]] of Object.entries(FILES))
      expect([file, readFileSync(join(root, MOVED[file] ?? file), 'utf8')]).toEqual([file, text])
    expect(listed(root)).toHaveLength(Object.keys(FILES).length)
    expect(move(root, TABLE).stdout).toBe('0 files moved, 0 rewritten\n')
  })

  test.each(
    everyNth(3, 'tables of moves that are refused', [
      ['room/door.ts\troom/key.ts\n', 'src/room/key.ts is wanted by src/room/door.ts and src/room/key.ts'],
      ['room\thouse/wall.ts\n', 'src/house/wall.ts would be a file and a folder'],
      ['attic\tfloor/attic\n', 'neither src/attic nor src/floor/attic is there'],
      ['room\troom/inner\n', 'src/room/door.ts moves to src/room/inner/door.ts, which the table moves on'],
      ['room\tfloor\nroom\tcellar\n', 'line 2 moves src/room to src/cellar, a line before it to src/floor'],
      ['room floor\n', 'line 1 is not `old path<TAB>new path`: room floor'],
    ]),
  )('is refused by name, and changes nothing: %j', (table, why) => {
    const root = checkout()
    const { status, stderr } = move(root, table)
    expect([status, stderr]).toEqual([1, expect.stringContaining(why)])
    expect(listed(root)).toEqual(Object.keys(FILES).sort())
  })
})
