import { posix } from 'node:path'
import type { Problem } from '../../model/error.ts'
import type { RotatedSecret } from '../../model/rotated-secret.ts'

export type Absence =
  | 'missing'
  | 'link'
  | 'outside'
  | 'unreadable'
  | 'not-a-file'
  | 'link-of-commit'
  | 'submodule'
  | 'unreadable-commit'
  | 'unreadable-bundle'

export interface Files {
  (path: string): string | Uint8Array | undefined
  readonly why?: (path: string) => Absence
  /** Whether a path that is read is a link, or lies behind one. */
  readonly isLinked?: (path: string) => boolean
  /** What the files lie in, where that is not the whole project: `the fabric folder`. */
  readonly within?: string
  /** The commit whose files they are; absent for those of a folder. */
  readonly commit?: string
  readonly bundle?: string
  readonly rotated?: RotatedSecret
}

interface Reason {
  readonly code: string
  readonly says: string
  readonly hint: string
}

const REASONS: Readonly<Record<Absence, (within: string) => Reason>> = {
  missing: () => ({ code: 'no-such-file', says: 'is not there', hint: 'Check the path.' }),
  link: () => ({ code: 'broken-link', says: 'is a link that leads nowhere', hint: 'Mend the link.' }),
  outside: (within) => ({
    code: 'outside-project',
    says: `leads outside ${within}`,
    hint: `Put the file itself into ${within}: a link out of it is not followed.`,
  }),
  unreadable: () => ({
    code: 'unreadable-file',
    says: 'may not be read',
    hint: 'Check the permissions of the file and of the folders around it.',
  }),
  'not-a-file': () => ({
    code: 'not-a-file',
    says: 'is not a regular file',
    hint: 'Name a file, not a folder, a pipe or a device.',
  }),
  'link-of-commit': () => ({
    code: 'link-in-commit',
    says: 'is a symbolic link in the commit',
    hint: 'Commit the file itself: a link of a commit is not followed.',
  }),
  submodule: () => ({
    code: 'submodule',
    says: 'lies in a submodule',
    hint: 'Commit the file itself: a submodule is not fetched.',
  }),
  'unreadable-commit': () => ({
    code: 'unreadable-commit',
    says: 'is of a commit that cannot be read any more',
    hint: 'Fetch the commit into the project, or plan again.',
  }),
  'unreadable-bundle': () => ({
    code: 'unreadable-bundle',
    says: 'is of a published bundle that is missing or was altered',
    hint: 'Publish the files once more, and plan again.',
  }),
}

/** Why nothing is given for a path, behind a subject: `leads outside the project`. */
export function absenceWords(files: Files, path: string): string {
  return reasonOf(files, path).says
}

/** The problem of a file that is not given: `missing` where it is not there, else why it is not read. */
export function absentProblem(files: Files, path: string, missing: Problem): Problem {
  if ((files.why?.(path) ?? 'missing') === 'missing') return missing
  const { code, says, hint } = reasonOf(files, path)
  const subject = missing.at.file.endsWith(path) ? 'this path' : `\`${path}\``
  return { code, message: `${subject} ${says}`, at: missing.at, hint }
}

function reasonOf({ why, within = 'the project' }: Files, path: string): Reason {
  return REASONS[why?.(path) ?? 'missing'](within)
}

/** Which file of which bundle is meant, behind a sentence: ` (workflows/leaf.yaml of the bundle 64378dd9)`. */
export function ofBundle({ bundle }: Pick<Files, 'bundle'>, path: string): string {
  return bundle === undefined ? '' : ` (${path} of the bundle ${bundle.slice('sha256:'.length, 'sha256:'.length + 8)})`
}

export function readOnce(files: Files): Files {
  const known = new Map<string, ReturnType<Files>>()
  const read = (path: string) => {
    if (!known.has(path)) known.set(path, files(path))
    return known.get(path)
  }
  return Object.assign(read, files)
}

export function filesBeside(files: Files, folder: string): Files {
  return filesAt(files, (path) => posix.join(folder, path))
}

export function filesAt(files: Files, pathOf: (asked: string) => string): Files {
  const why = (path: string) => files.why?.(pathOf(path)) ?? 'missing'
  return Object.assign((path: string) => files(pathOf(path)), { why, within: files.within ?? 'the project' })
}
