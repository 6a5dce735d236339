import { INSTALL_KEY, NEXT_INSTALL_KEY, OLD_INSTALL_KEYS } from '../system/install-key.ts'
import type { Console } from './console.ts'
import type { Host } from './host.ts'
import { secretsOf } from './open-secrets.ts'
import type { Project } from './project.ts'

/** Nobody is asked while a store is opened: what Vault is logged in to with is there, or it is not. */
const unattended: Console = {
  tell: () => undefined,
  interactive: false,
  ask: async () => undefined,
  stop: new AbortController().signal,
}

const fetched = new WeakMap<Host['scrubber'], Map<string, Promise<string>>>()

/**
 * The host with the install key, and those before it and next to it, where the settings say from where it is fetched, `key:`. It is asked for once in a process, kept in memory
 * alone, and never written. A key in the environment goes before it. Throws `secret`, and `unreachable` where its store is silent.
 */
export async function withFetchedKey(project: Project, host: Host): Promise<Host> {
  const { key: reference, nextKey, oldKeys } = project.settings
  if (reference === undefined || project.database === undefined || (host.env[INSTALL_KEY.env] ?? '') !== '') return host
  const old = await Promise.all(oldKeys.map((one) => fetchedOnce(project, host, one)))
  const others = {
    ...(nextKey === undefined ? {} : { [NEXT_INSTALL_KEY.env]: await fetchedOnce(project, host, nextKey) }),
    ...(old.length === 0 ? {} : { [OLD_INSTALL_KEYS.env]: old.join('\n') }),
  }
  return { ...host, env: { ...host.env, [INSTALL_KEY.env]: await fetchedOnce(project, host, reference), ...others } }
}

async function fetchedOnce(project: Project, host: Host, reference: string): Promise<string> {
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

async function resolved(project: Project, host: Host, reference: string): Promise<string> {
  const secrets = secretsOf({ ...host, project }, unattended)
  try {
    return (await secrets.resolve(reference)).reveal().trim()
  } finally {
    await secrets.close()
  }
}
