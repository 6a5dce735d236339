import type { Project } from '../../files/project.ts'
import { INSTALL_KEY, NEXT_INSTALL_KEY, OLD_INSTALL_KEYS } from '../../system/machine/install-key.ts'
import type { Host } from '../../system/process/host.ts'
import { secretsOf } from './open-secrets.ts'

const fetched = new WeakMap<Host['scrubber'], Map<string, Promise<string>>>()

/** The host with the install key, the next one and those before it, each where the settings say from where it is fetched: `key:`, `nextKey:` and `oldKeys:`. They are asked for once in a process, kept in memory alone, and never written. */
export async function withFetchedKey(project: Project, host: Host): Promise<Host> {
  const { key, nextKey, oldKeys } = project.settings
  if (project.database === undefined) return host
  const found = await Promise.all([
    fetchedFor(project, host, INSTALL_KEY.env, key === undefined ? [] : [key]),
    fetchedFor(project, host, NEXT_INSTALL_KEY.env, nextKey === undefined ? [] : [nextKey]),
    fetchedFor(project, host, OLD_INSTALL_KEYS.env, oldKeys),
  ])
  return { ...host, env: Object.assign({}, host.env, ...found) as Host['env'] }
}

async function fetchedFor(
  project: Project,
  host: Host,
  variable: string,
  references: readonly string[],
): Promise<Host['env']> {
  if (references.length === 0 || (host.env[variable] ?? '') !== '') return {}
  const keys = await Promise.all(references.map((one) => fetchedOnce(project, host, one)))
  return { [variable]: keys.join('\n') }
}

async function fetchedOnce(project: Project, host: Host, reference: string) {
  const known = fetched.get(host.scrubber) ?? new Map<string, Promise<string>>()
  fetched.set(host.scrubber, known)
  const from = JSON.stringify([project.dir, reference])
  const asked = known.get(from) ?? resolved(project, host, reference)
  known.set(from, asked)
  try {
    return await asked
  } catch (error) {
    known.delete(from)
    throw error
  }
}

async function resolved(project: Project, host: Host, reference: string) {
  const secrets = secretsOf({ ...host, project })
  try {
    return (await secrets.resolve(reference)).reveal().trim()
  } finally {
    await secrets.close()
  }
}
