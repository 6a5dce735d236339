import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { everyNth } from '../extent.ts'
import { temporaryFolder } from '../lab/folder.ts'

const JUDGE = fileURLToPath(new URL('../../.ci/frozen.mjs', import.meta.url))
const GOLDEN = 'test/golden/plan.txt'

function git(root: string, ...args: readonly string[]) {
  const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.net', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', root, ...author, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim()
}

/** A checkout with a source and a golden that names it, frozen unless it is said otherwise. */
function checkout({ isFrozen = true } = {}) {
  const root = temporaryFolder()
  const write = (file: string, text: string) => {
    mkdirSync(join(root, dirname(file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const commit = () => {
    git(root, 'add', '--all')
    git(root, 'commit', '--quiet', '--message', 'a commit')
    return git(root, 'rev-parse', 'HEAD')
  }
  git(root, 'init', '--quiet')
  write('src/room/door.ts', 'export const door = 1\nexport const key = 2\nexport const wall = 3\n')
  write(GOLDEN, 'a plan of src/room/door.ts\n')
  const frozen = commit()
  if (isFrozen) write('.ci/frozen', `${frozen}\n`)
  if (isFrozen) commit()
  const move = (text?: string) => {
    write('src/hall/door.ts', text ?? readFileSync(join(root, 'src/room/door.ts'), 'utf8'))
    rmSync(join(root, 'src/room/door.ts'))
  }
  return { root, write, commit, move }
}

function judged(root: string) {
  const { status, stdout } = spawnSync(process.execPath, [JUDGE], { cwd: root, encoding: 'utf8' })
  return [status, stdout.replaceAll(/\b[0-9a-f]{8}\b/g, 'COMMIT')]
}

test('before the freeze nothing is judged', () => {
  expect(judged(checkout({ isFrozen: false }).root)).toEqual([0, 'nothing is frozen: there is no .ci/frozen\n'])
})

test('a commit moves files, or changes goldens; in a golden the paths follow', () => {
  const { root, write, commit, move } = checkout()
  write(GOLDEN, 'another plan of src/room/door.ts\n')
  commit()
  move()
  write(GOLDEN, 'another plan of src/hall/door.ts\n')
  commit()
  expect(judged(root)).toEqual([
    0,
    '3 commits since the freeze (COMMIT), 1 of them move files of src: none of these changes a golden\n',
  ])
})

test.each(
  everyNth(4, 'goldens that change with a move', [
    ['that says something else', GOLDEN, 'another plan of src/hall/door.ts\n', undefined],
    ['that is new', 'test/report/golden/new.txt', 'a plan\n', undefined],
    [
      'where the file is written again as well',
      GOLDEN,
      'no plan\n',
      'export const other = () => "nothing of it is left"\n',
    ],
    ['the requests of the histories', 'simulate/recorded-digests.json', '{}\n', undefined],
  ]),
)('a commit that moves a file and changes a golden fails: %s', (_how, golden, text, source) => {
  const { root, write, commit, move } = checkout()
  move(source)
  write(golden, text)
  commit()
  expect(judged(root)).toEqual([1, `COMMIT moves files of src and changes ${golden}\n`])
})

test('a merge is judged by what it has of its own', { tags: ['long', 'turn'] }, () => {
  const { root, write, commit, move } = checkout()
  git(root, 'checkout', '--quiet', '-b', 'other')
  write(GOLDEN, 'another plan of src/room/door.ts\n')
  commit()
  git(root, 'checkout', '--quiet', '-')
  move()
  commit()
  git(root, 'merge', '--quiet', 'other')
  expect(judged(root)[0]).toBe(0)
})

test('a history that is not there is said, and one that was written again fails', { tags: ['long', 'turn'] }, () => {
  const { root, write, commit } = checkout()
  for (const text of ['one\n', 'two\n']) {
    write('src/room/new.ts', text)
    commit()
  }
  const clone = join(temporaryFolder(), 'clone')
  git(root, 'clone', '--quiet', '--depth', '1', `file://${root}`, clone)
  expect(judged(clone)).toEqual([
    0,
    'not judged: the history since the freeze (COMMIT) is not in this clone. `git fetch --unshallow` brings it.\n',
  ])
  write('.ci/frozen', `${'0'.repeat(40)}\n`)
  expect(judged(root)).toEqual([1, 'the commit of the freeze (COMMIT) is no ancestor of this one\n'])
  write('.ci/frozen', 'HEAD\n')
  expect(judged(root)).toEqual([1, '.ci/frozen does not hold the whole name of a commit: HEAD\n'])
})
