import { posix } from 'node:path'
import { shortCommit } from '../../../model/commit-id.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Absence, Files } from '../../../text/source/files.ts'
import type { Git } from '../../system/machine/git.ts'
import { objectsOf } from './git-objects.ts'

// So many files, and so many bytes of them, may the folder of the project have in a commit: they are kept in memory while a change runs.
const MOST_FILES = 20_000
const MOST_BYTES = 64 * 1_048_576

interface Entry {
  readonly mode: string
  readonly id: string
  readonly size: number
}

/** The files that a commit has in the folder of the project, read whole and never written to the disk. Throws `guard` where there are too many or they are too large, `stale` where the commit is not there. */
export async function commitFiles(git: Git, commit: string): Promise<Files> {
  const entries = await treeOf(git, commit)
  requireSize(entries, commit)
  const blobs = [...entries].filter(([, { mode }]) => IS_FILE.test(mode))
  const contents = await objectsOf(
    git,
    'blob',
    blobs.map(([, { id }]) => id),
    MOST_BYTES,
  )
  const files = new Map(blobs.map(([path, { id }]) => [path, contents.get(id)]))
  const why = (path: string): Absence => absenceAt(entries, path)
  return Object.assign((path: string) => files.get(posix.normalize(path)), { why, commit })
}

// A file, executable or not (git-fast-import(1), `filemodify`); `120000` is a symbolic link, `160000` a submodule.
const IS_FILE = /^100(?:644|755|664)$/

async function treeOf(git: Git, commit: string): Promise<ReadonlyMap<string, Entry>> {
  // Without `--full-tree` these are the files of the folder that git is called in, by their paths from there.
  const { code, out } = await git({ args: ['ls-tree', '-r', '-z', '-l', commit] })
  if (code !== 0) throw new EosflowError('stale', `the repository of the project has no commit ${shortCommit(commit)}`)
  const lines = out.toString('utf8').split('\0').slice(0, -1)
  return new Map(
    lines.flatMap((line) => {
      const { mode = '', id = '', size = '', path = '' } = ENTRY.exec(line)?.groups ?? {}
      return path === '' ? [] : [[path, { mode, id, size: Number.parseInt(size, 10) || 0 }] as const]
    }),
  )
}

// Git-ls-tree(1), OUTPUT FORMAT.
const ENTRY = /^(?<mode>\d{6}) \w+ (?<id>[0-9a-f]+) +(?<size>\d+|-)\t(?<path>.+)$/s

function requireSize(entries: ReadonlyMap<string, Entry>, commit: string) {
  const bytes = [...entries.values()].reduce((sum, { size }) => sum + size, 0)
  if (entries.size <= MOST_FILES && bytes <= MOST_BYTES) return
  const limit = `${MOST_FILES.toLocaleString('en')} files and ${MOST_BYTES / 1_048_576} MiB are read`
  throw new EosflowError(
    'guard',
    `the commit ${shortCommit(commit)} is too large: ${entries.size.toLocaleString('en')} files with ${Math.ceil(bytes / 1_048_576)} MiB, and ${limit}`,
    { hint: 'Give the project its own folder of the repository: only that folder is read.' },
  )
}

function absenceAt(entries: ReadonlyMap<string, Entry>, path: string): Absence {
  const steps = posix.normalize(path).split('/')
  for (const end of steps.keys()) {
    const { mode = '' } = entries.get(steps.slice(0, end + 1).join('/')) ?? {}
    if (mode === '120000') return 'link-of-commit'
    if (mode === '160000') return 'submodule'
  }
  return 'missing'
}
