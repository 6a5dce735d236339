import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { demandedPolicy } from '../../app/policy/seen-policy.ts'
import type { Project } from '../../app/project.ts'
import { openProjectStore } from '../../app/project-store.ts'
import { BrokenChainError } from '../../journal/chain.ts'
import type { Store } from '../../journal/store.ts'
import { EosflowError } from '../../model/error.ts'
import { count, short } from '../../report/count.ts'
import type { Io } from '../io.ts'
import { recordClockPoints } from './clock-points.ts'
import { failed, good, type Point, type Section, skipped, warning } from './point.ts'

/** Whether the store can be written and read, and whether it is what was written. Makes none. */
export async function storeSection(project: Project, io: Io): Promise<Section> {
  const { store } = project
  const folder = dirname(store)
  const points = [writablePoint(folder)]
  if (!existsSync(store))
    return { title: 'Store', points: [...points, skipped('there is none yet: the first plan makes it')] }
  return {
    title: 'Store',
    points: [...points, ...(await openedPoints(project, io, existsSync(join(folder, 'install.key'))))],
  }
}

/** The nearest folder that is there must take files. */
function writablePoint(folder: string): Point {
  let nearest = folder
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest)
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK)
    return good('its folder can be written')
  } catch {
    return failed(`${nearest} cannot be written`, `chmod u+wx ${nearest}, or name another store with --store.`)
  }
}

async function openedPoints(project: Project, io: Io, keyFile: boolean): Promise<readonly Point[]> {
  if (!keyFile && (io.env.EOSFLOW_KEY ?? '') === '') {
    return [
      failed(
        'the store is there and its install.key is not',
        'Restore install.key from a backup: the store is sealed with it.',
      ),
    ]
  }
  const key = good((io.env.EOSFLOW_KEY ?? '') === '' ? 'install.key is for its owner only' : 'its key is EOSFLOW_KEY')
  try {
    const { store, clockRule } = openProjectStore(project, io)
    try {
      const { seq } = await store.verifyChain()
      const open = await store.openExecutions()
      return [
        key,
        good(`opens, and its chain of ${count(seq, 'record')} verifies`),
        ...(await recordClockPoints(clockRule)),
        ...(await gonePolicyPoints(project, store)),
        ...openPoints(open.map(({ id }) => id)),
      ]
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    const evidence = 'Keep it as evidence, and go on with a copy from before the damage or with a new one.'
    return [failed(error.message, error.hint ?? (error instanceof BrokenChainError ? evidence : 'Look at the file.'))]
  }
}

/** So many open executions are named one by one. */
const MOST_OPEN = 3

/** The executions that have not ended, newest first: beyond three the rest is counted. */
function openPoints(executions: readonly string[]): readonly Point[] {
  const rest = executions.length - MOST_OPEN
  const told = executions
    .slice(0, MOST_OPEN)
    .map((execution) => warning(`execution ${execution} has not ended`, `eosflow resume ${execution}`))
  return rest <= 0
    ? told
    : [
        ...told,
        warning(
          `${count(rest, 'more execution')} ${rest === 1 ? 'has' : 'have'} not ended`,
          'eosflow executions --state open',
        ),
      ]
}

/** A store that has seen a policy demands one. */
async function gonePolicyPoints({ policyPresent }: Project, store: Store): Promise<readonly Point[]> {
  const demanded = policyPresent ? undefined : await demandedPolicy({ store })
  if (demanded === undefined) return []
  const { file, policy } = demanded
  return [
    failed(
      `the store was used under a policy (${file}, ${short(policy)}), which is gone: nothing that it judges is done`,
      `Put ${file} back, or: eosflow policy retire --reason TEXT`,
    ),
  ]
}
