import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Inventory } from '../../../change/inventory/inventory.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { knowSecrets } from '../../app/secrets/known-secrets.ts'
import { changeFilesIn, workflowsIn } from '../../files/files-of-project.ts'
import { findProject, type Project } from '../../files/project.ts'
import type { Host } from '../../system/process/host.ts'
import type { TypedLine, ValueQuestion } from './completion.ts'
import type { AnsweredValues } from './kept-values.ts'

const NEWEST = 50

/** None where files are meant, or where nobody can know; undefined outside of a project. Throws what a project throws that is not good. */
export async function knownValues(host: Host, question: ValueQuestion): Promise<AnsweredValues | undefined> {
  const { project: dir, store } = question.line.flags
  const place = { ...definedMembers({ project: dir, store }) }
  const project = findProject(host, place)
  if (project === undefined) return undefined
  await knowSecrets(host, place)
  const [file] = question.line.args
  return {
    words: await wordsFor(host, project, question),
    restsOn: [
      ...['eosflow.yaml', project.settings.inventory, project.settings.policy, 'workflows', 'changes'].map((name) =>
        resolve(project.dir, name),
      ),
      ...(question.of === 'param' && file !== undefined ? [resolve(host.cwd, file)] : []),
      ...(project.database === undefined ? [project.store, `${project.store}-wal`] : []),
    ],
  }
}

async function wordsFor(host: Host, project: Project, { of, about, line }: ValueQuestion) {
  switch (of) {
    case 'target':
      return selectorWords(host, project, about)
    case 'switch':
    case 'device':
      return project.inventory().devices.map(({ name }) => name)
    case 'param':
      return paramWords(project, line, about)
    case 'workflow':
    case 'workflow-or-plan':
      return [...workflowsIn(project.dir), ...changeFilesIn(project.dir)].map((file) => typedPath(host, project, file))
    case 'execution':
    case 'plan-or-execution':
      return ['@latest', ...(await onRecord(host, project, 'executions'))]
    case 'a':
    case 'b':
    case 'name':
      return namesFor(host, project, line)
    default:
      return []
  }
}

function typedPath(host: Host, project: Project, file: string) {
  const below = project.pathOf(host.cwd)
  if (below === '') return file
  return file.startsWith(`${below}/`) ? file.slice(below.length + 1) : `${project.dir}/${file}`
}

async function selectorWords(host: Host, project: Project, about: string) {
  const executions = about === 'failed:' ? await onRecord(host, project, 'executions') : []
  return [...inventoryWords(project.inventory()), 'failed:@latest', ...executions.map((id) => `failed:${id}`)]
}

function inventoryWords({ devices }: Inventory) {
  const groups = devices.flatMap((device) => device.groups.map((group) => `group:${group}`))
  const tags = devices.flatMap((device) => Object.entries(device.tags).map(([tag, value]) => `${tag}:${value}`))
  return [...devices.map(({ name }) => name), ...new Set([...groups, ...tags])]
}

async function paramWords(project: Project, { args }: TypedLine, about: string) {
  const [file] = args
  if (file === undefined) return []
  const { loadWorkflow } = await import('../../files/load-workflow.ts')
  const { params } = loadWorkflow(project, project.pathOf(file))
  const name = about.slice(0, -1)
  const param = Object.hasOwn(params, name) ? params[name] : undefined
  if (param === undefined) return Object.keys(params).map((one) => `${one}=`)
  const values = param.type === 'boolean' ? ['true', 'false'] : param.type === 'string' ? (param.enum ?? []) : []
  return values.map((value) => `${name}=${value}`)
}

async function namesFor(host: Host, project: Project, { command }: TypedLine) {
  const [group, act] = command
  if (group === 'snapshot' && act !== 'take') return onRecord(host, project, 'snapshots')
  if (group === 'schedule') return project.settings.schedules.map(({ name }) => name)
  if (group === 'notify') return project.settings.notify.targets.map(({ name }) => name)
  return group === 'release-device' ? project.inventory().devices.map(({ name }) => name) : []
}

async function onRecord(host: Host, project: Project, what: 'executions' | 'snapshots') {
  // A server is not asked for a word that somebody types.
  if (project.policyPresent || project.database !== undefined || !existsSync(project.store)) return []
  const [{ openProjectStoreToRead }, { demandedPolicy }] = await Promise.all([
    import('../../app/store/project-store.ts'),
    import('../../access/policy/authority.ts'),
  ])
  const refuse = (): never => {
    throw new EosflowError('bug', 'completion writes nothing')
  }
  const kept = await openProjectStoreToRead(project, host, { append: () => refuse, changeNotes: refuse })
  try {
    if ((await demandedPolicy(kept)) !== undefined) return []
    if (what === 'executions') return kept.store.executionIds(NEWEST)
    return (await kept.store.snapshots()).slice(0, NEWEST).map(({ name }) => name)
  } finally {
    await kept.store.close()
  }
}
