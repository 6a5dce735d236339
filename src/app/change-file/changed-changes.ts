import { posix } from 'node:path'
import { gitIn } from '../../system/git.ts'
import { CHANGES_FOLDER, isChangeFile } from '../../workflow/change-file.ts'
import { type CommitRange, changedFiles, isBlob } from '../git/changed-files.ts'
import type { Host } from '../host.ts'
import type { Project } from '../project/project.ts'

/** The change files that a range of commits changes, by their paths from the project's root. */
export interface ChangedChanges {
  /** Those that it adds or edits, with the name that a plan of each has in a folder. */
  readonly planned: readonly { readonly file: string; readonly name: string }[]
  readonly deleted: readonly string[]
  /** Those of the first that are otherwise in the folder of the project than the range ends with. */
  readonly otherwise: readonly string[]
}

/** Finds them. Throws as {@link changedFiles} does. */
export async function changedChanges(
  { env }: Pick<Host, 'env'>,
  project: Project,
  range: CommitRange,
): Promise<ChangedChanges> {
  const all = await changedFiles(gitIn(project.dir, env), range, CHANGES_FOLDER)
  const changes = all.filter(({ path }) => isChangeFile(path))
  const there = changes.filter(({ isDeleted }) => !isDeleted)
  return {
    planned: there.map(({ path }) => ({ file: path, name: planName(path) })),
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

/** `2026/vlan140.yaml.plan` for `changes/2026/vlan140.yaml`: no two change files have one name. */
function planName(path: string): string {
  return `${posix.relative(CHANGES_FOLDER, path)}.plan`
}
