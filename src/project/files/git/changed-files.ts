import { createHash } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import type { Git } from '../../system/machine/git.ts'
import { inputError } from '../../system/process/input-error.ts'

export interface ChangedFile {
  readonly path: string
  readonly isDeleted: boolean
  /** What it is at the end of the range (git-fast-import(1)): a symbolic link and a submodule hold no text of their own. */
  readonly kind: 'file' | 'link' | 'submodule'
  readonly blob: string
}

export interface CommitRange {
  readonly range: string
  readonly at: string
}

const COMMIT = /^(?!-)[^\s:~^?*[\\\p{Cc}]+(?:[~^][0-9]*)*$/u

/** The files of a project that a range of commits changes: `A..B` from the one to the other, `A...B` from where B has left A; B is HEAD where it is left out. Two trees are compared as they are kept: no filter, no program and no file of the work tree has a part in it (git-diff-tree(1)). */
export async function changedFiles(git: Git, { range, at }: CommitRange): Promise<readonly ChangedFile[]> {
  const [, from = '', dots = '', to = ''] = /^(.*?)(\.{2,3})(?!\.)(.*)$/.exec(range) ?? []
  if (dots === '') throw bad(at, 'it is no range', 'Write for example origin/main...HEAD.')
  const [base, end] = [await commitNamed(git, at, from || 'HEAD'), await commitNamed(git, at, to || 'HEAD')]
  const begin = dots === '...' ? await commonOf(git, at, base, end) : base
  const options = ['-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv', '--relative']
  const { code, out, said } = await git({ args: ['diff-tree', ...options, begin, end] })
  if (code !== 0) throw unread(said)
  return changesIn(out.toString('utf8'))
}

/** Whether bytes are those of a blob, by its id. */
export function isBlob(content: Uint8Array, { blob }: ChangedFile): boolean {
  const head = `blob ${content.byteLength}\0`
  return (
    createHash(blob.length === 64 ? 'sha256' : 'sha1')
      .update(head)
      .update(content)
      .digest('hex') === blob
  )
}

const KINDS: Readonly<Record<string, ChangedFile['kind']>> = { '120000': 'link', '160000': 'submodule' }

function changesIn(text: string): readonly ChangedFile[] {
  const fields = text.split('\0')
  const found: ChangedFile[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , blob = '', status = ''] = (fields[at] ?? '').split(' ')
    found.push({ path: fields[at + 1] ?? '', isDeleted: status.startsWith('D'), kind: KINDS[mode] ?? 'file', blob })
  }
  return found
}

/** `at`: the flag that has named it. Throws InputError where there is none. */
export async function commitNamed(git: Git, at: string, name: string): Promise<string> {
  if (!COMMIT.test(name)) throw bad(at, `\`${name}\` names no commit`, 'Name a branch, a tag or a commit.')
  const { code, out, said } = await git({
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
  })
  if (code === 0) return out.toString().trim()
  if (said !== '') throw unread(said)
  throw bad(at, `there is no commit \`${name}\` here`, 'Fetch it: a pipeline often has the newest commit alone.')
}

async function commonOf(git: Git, at: string, one: string, other: string) {
  const { code, out, said } = await git({ args: ['merge-base', one, other] })
  if (code === 0) return out.toString().trim().split('\n')[0] ?? ''
  if (said !== '') throw unread(said)
  throw bad(at, 'its commits have no common one', 'Fetch more of the history, or write two dots.')
}

function bad(at: string, message: string, hint: string) {
  return inputError(at, 'bad-range', message, hint)
}

function unread(said: string) {
  return new EosflowError('protocol', `the repository of the project cannot be read: ${said}`)
}
