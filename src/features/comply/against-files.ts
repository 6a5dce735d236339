import { posix } from 'node:path'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { commitNamed } from '../../project/files/git/changed-files.ts'
import { commitFiles } from '../../project/files/git/commit-files.ts'
import type { Project } from '../../project/files/project.ts'
import { gitIn } from '../../project/system/machine/git.ts'
import type { Host } from '../../project/system/process/host.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import type { Files } from '../../text/source/files.ts'

export interface AgainstFiles {
  readonly files: Files
  readonly fileOf: (name: string) => string
  readonly shown: string
}

export interface AgainstWord {
  readonly word: string
  readonly at: string
}

const NAME = /\{\{ *device\.name *\}\}/g
const USUAL = '{{ device.name }}.cfg'

/**
 * The files that a word means: `intended`, a folder with NAME.cfg; `intended/{{ device.name }}.cfg`, paths from the project's root; `git:REF` or `git:REF:PATH`, those of a
 * commit from the root of its repository. Throws InputError for a word that means none, and as the reading of a commit does.
 */
export async function againstFiles(
  { env }: Pick<Host, 'env'>,
  project: Project,
  { word, at }: AgainstWord,
): Promise<AgainstFiles> {
  const [, ref, path] = /^git:([^:]*)(?::(.*))?$/s.exec(word) ?? []
  if (ref === undefined) return { files: project.files, fileOf: namedBy(at, word), shown: word }
  const fileOf = namedBy(at, path ?? USUAL)
  const here = gitIn(project.dir, env)
  const { code, out, said } = await here({ args: ['rev-parse', '--show-toplevel'] })
  if (code !== 0) throw new EosflowError('protocol', `the repository of the project cannot be read: ${said}`)
  const git = gitIn(out.toString('utf8').replace(/\n$/, ''), env)
  const commit = await commitNamed(git, at, ref)
  return { files: await commitFiles(git, commit), fileOf, shown: word }
}

// Throws InputError.
function namedBy(at: string, path: string): (name: string) => string {
  const pattern = path.includes('{{') ? path : `${path}/${USUAL}`
  const rest = pattern.replaceAll(NAME, '')
  if (rest === pattern || rest.includes('{{'))
    throw refused(at, `\`${path}\` names no file of a switch`, `Write the name of the switch as \`${USUAL}\`.`)
  const plain = posix.normalize(pattern)
  if (plain.startsWith('/') || plain.split('/').includes('..'))
    throw refused(at, `\`${path}\` leads out of the project`, 'Name a path from the root of the project.')
  return (name) => plain.replaceAll(NAME, () => name)
}

function refused(at: string, message: string, hint: string) {
  return new InputError([problemOf(at, 'bad-usage', message, hint)])
}
