import { posix } from 'node:path'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Files } from '../../../text/source/files.ts'
import type { RecordApp } from '../../app/app.ts'
import { commitFiles } from '../../files/git/commit-files.ts'
import type { Project } from '../../files/project.ts'
import { gitIn } from '../../system/machine/git.ts'
import type { Host } from '../../system/process/host.ts'

/** Settings, policy, trusted keys and inventory are those of the folder: whoever can push would give themselves rights otherwise. */
export async function projectAt(
  { env }: Pick<Host, 'env'>,
  project: Project,
  commit: string | undefined,
): Promise<Project> {
  if (commit === undefined) return project
  try {
    return withFiles(project, await commitFiles(gitIn(project.dir, env), commit))
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    return withFiles(
      project,
      Object.assign(() => undefined, { why: () => 'unreadable-commit' as const, commit }),
    )
  }
}

export async function appAt<A extends RecordApp>(app: A, commit: string | undefined): Promise<A> {
  return commit === undefined ? app : { ...app, project: await projectAt(app, app.project, commit) }
}

export function withFiles(project: Project, files: Files): Project {
  const { inventory, policy } = project.settings
  const own = ['eosflow.yaml', inventory, policy].map((path) => posix.normalize(path))
  const isOfFolder = (path: string) => {
    const plain = posix.normalize(path)
    return own.includes(plain) || plain.startsWith('trust/')
  }
  const pick = (path: string) => (isOfFolder(path) ? project.files : files)
  const { commit, bundle } = files
  const { rotated } = project.files
  return {
    ...project,
    files: Object.assign((path: string) => pick(path)(path), {
      why: (path: string) => pick(path).why?.(path) ?? 'missing',
      ...definedMembers({ commit, bundle, rotated }),
    }),
  }
}
