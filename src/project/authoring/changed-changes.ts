import { posix } from 'node:path'
import { CHANGES_FOLDER, isChangeFile } from '../../change/workflow/change-file.ts'
import { problemOf } from '../../model/error.ts'
import { HIDDEN_CHARACTER } from '../../model/hidden-character.ts'
import { type ChangedFile, type CommitRange, changedFiles, isBlob } from '../files/git/changed-files.ts'
import type { Project } from '../files/project.ts'
import { gitIn } from '../system/machine/git.ts'
import type { Host } from '../system/process/host.ts'
import { InputError } from '../system/process/input-error.ts'

export interface ChangedChanges {
  readonly planned: readonly { readonly file: string; readonly name: string }[]
  readonly deleted: readonly string[]
  readonly others: readonly string[]
  /** Those of the first that are otherwise in the folder of the project than the range ends with. */
  readonly otherwise: readonly string[]
}

/** Throws as {@link changedFiles} does, and InputError for what looks like a change file and is none: nobody would plan it. */
export async function changedChanges(
  { env }: Pick<Host, 'env'>,
  project: Project,
  range: CommitRange,
): Promise<ChangedChanges> {
  const all = (await changedFiles(gitIn(project.dir, env), range)).filter(({ path }) => mayMean(path))
  const problems = all.flatMap((one) => (one.isDeleted ? [] : faultOf(one)))
  if (problems.length > 0) throw new InputError(problems)
  const changes = all.filter(({ path }) => isChangeFile(path))
  const there = changes.filter(({ isDeleted }) => !isDeleted)
  return {
    planned: there.map(({ path }) => ({ file: path, name: planName(path) })),
    others: all.flatMap(({ path, isDeleted }) => (isDeleted || isChangeFile(path) ? [] : [path])),
    deleted: changes.filter(({ isDeleted }) => isDeleted).map(({ path }) => path),
    otherwise: there
      .filter((one) => {
        const content = project.files(one.path)
        // One that is not there is refused where it is planned.
        return content !== undefined && !isBlob(Buffer.from(content), one)
      })
      .map(({ path }) => path),
  }
}

const HIDDEN = new RegExp(HIDDEN_CHARACTER, 'gu')

const readAs = (path: string) =>
  path
    .normalize('NFKC')
    .toLowerCase()
    .replace(HIDDEN, '')
    .split('/')
    .map((name) => name.trim())
    .join('/')

function mayMean(path: string) {
  return `${readAs(path)}/`.startsWith(`${CHANGES_FOLDER}/`)
}

function faultOf({ path, kind }: ChangedFile) {
  if (kind !== 'file') {
    const what = kind === 'link' ? 'a symbolic link' : 'a submodule'
    return [
      problemOf(path, 'no-file', `it is ${what}: what it leads to is no part of the range`, 'Commit the file itself.'),
    ]
  }
  if (isChangeFile(path) || !isChangeFile(readAs(path))) return []
  const message = `it is no change file by its spelling, and nobody would plan it: change files are ${CHANGES_FOLDER}/*.yaml`
  return [problemOf(path, 'misspelt-change', message, `Name it \`${readAs(path)}\`.`)]
}

function planName(path: string) {
  return `${posix.relative(CHANGES_FOLDER, path)}.plan`
}
