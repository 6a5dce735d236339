import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Seams } from '../../project/system/process/seams.ts'
import type { ExecutionDocument } from '../../report/execution/result-schema.ts'
import { beginCases } from './begin-cases.ts'
import { changeCases } from './change-cases.ts'
import { decisionCases } from './decision-cases.ts'
import type { EosflowProject } from './eosflow-project.ts'
import { type AtTheEnd, followed } from './follow.ts'
import { givenRequest } from './given-request.ts'
import { isClosed, ProjectDoor } from './project-door.ts'
import type { ProjectOptions } from './project-options.ts'
import { readCases, shown } from './read-cases.ts'
import { RunsHere } from './runs-here.ts'

/** Opens a project. `seams` are for tests; the library that is shipped gives none. Throws InputError. */
export async function openedProject(options: ProjectOptions, seams?: Seams): Promise<EosflowProject> {
  const given = givenRequest('openProject', options)
  const folder = resolve(given.folder instanceof URL ? fileURLToPath(given.folder) : given.folder)
  const door = new ProjectDoor(given, folder, seams)
  const runs = new RunsHere(door)
  const reads = readCases(door)
  const settled: EosflowProject['settled'] = async (execution) => {
    const ends: ExecutionDocument[] = []
    const atTheEnd: AtTheEnd = async (visit, id) => void ends.push(await shown(door, visit, id))
    for await (const _ of followed(door, runs, execution, atTheEnd));
    const [document] = ends
    if (document !== undefined) return document
    throw door.failure(isClosed())
  }
  const close = async (): Promise<void> => {
    await door.close()
    runs.tell()
  }
  // What is wrong with the project is said now.
  await door.beside(
    () => undefined,
    async () => undefined,
  )
  return Object.freeze({
    folder,
    ...reads,
    ...changeCases(door),
    ...decisionCases(door),
    ...beginCases(door, runs),
    follow: (execution: string) => followed(door, runs, execution),
    settled,
    close,
    [Symbol.asyncDispose]: close,
  })
}
