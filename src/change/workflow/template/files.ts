import { posix } from 'node:path'
import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import { absentProblem, type Files } from '../../../text/source/files.ts'
import { accept, readText, refuse } from '../../../text/source/located.ts'

export type { Files } from '../../../text/source/files.ts'

export interface SourceText {
  readonly file: string
  readonly text: string
}

/**
 * Reads the file that a workflow names at `at`: beside the workflow file, else from the project's root, and never
 * outside both (docs/transport.md#what-people-write).
 */
export function readNamed(
  named: string,
  at: Place,
  workflowFile: string,
  files: Files,
  limit?: number,
): ValueOrProblems<SourceText> {
  const folder = posix.dirname(workflowFile)
  const beside = posix.join(folder, named)
  const candidates = [...new Set([beside, posix.normalize(named)])].filter((path) => isInside(path, folder))
  if (named.startsWith('/') || candidates.length === 0) return refuse(outside(named, at))
  for (const path of candidates) {
    const content = files(path)
    if (content === undefined) continue
    const read = readText(content, path, limit)
    return read.ok ? accept({ file: path, text: read.value }) : read
  }
  const missing: Problem = {
    code: 'no-such-file',
    message: `there is no file ${candidates.join(' and no file ')}`,
    at,
    hint: 'write the path relative to the workflow file or to the project, or add the file',
  }
  const problems = candidates.map((path) => absentProblem(files, path, missing))
  return refuse(problems.find((problem) => problem !== missing) ?? missing)
}

function isInside(path: string, folder: string) {
  const leavesProject = path.startsWith('/') || path === '..' || path.startsWith('../')
  return !leavesProject || path.startsWith(`${folder}/`)
}

function outside(named: string, at: Place): Problem {
  const hint = 'name a file inside the project, relative to the workflow file'
  return { code: 'outside-project', message: `${named} lies outside the project`, at, hint }
}
