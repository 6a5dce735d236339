import { Secret } from '../../../model/secret.ts'
import type { Project, ProjectPlace } from '../../files/project.ts'
import { projectFolder } from '../../files/project-folder.ts'
import {
  INSTALL_KEY,
  NEXT_INSTALL_KEY,
  OLD_INSTALL_KEYS,
  oldKeysIn,
  SIGNING_KEYS,
} from '../../system/machine/key-files.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { Host } from '../../system/process/host.ts'

// A longer file is no secret (docs/secrets.md#references).
const LARGEST = 65_536

const OWN = [
  INSTALL_KEY.env,
  NEXT_INSTALL_KEY.env,
  'EOSFLOW_TOKEN',
  ...Object.values(SIGNING_KEYS).map(({ env }) => env),
]

const AT_HAND = /\$\{(env|file):([^{}\n]{1,4096})\}/g

/** Makes the secrets at hand known to the scrubber before a command does anything: every reference that stands in the text of the settings and the inventory. So a value that a parameter, a snapshot, a switch or a service repeats is removed from the first record on, and not only once somebody has logged in. */
export async function knowSecrets(host: Host, place: ProjectPlace): Promise<void> {
  // A signing key is the first line of what its variable holds.
  for (const name of OWN) know(host, host.env[name]?.split(/\r?\n/, 1)[0], name)
  for (const old of oldKeysIn(host.env)) know(host, old, OLD_INSTALL_KEYS.env)
  for (const text of await textsOf(host, place)) {
    for (const [reference, provider, key = ''] of text.matchAll(AT_HAND)) {
      know(host, provider === 'env' ? variable(host.env, key) : readIfThere(key), reference)
    }
  }
}

function know({ scrubber }: Host, value: string | undefined, name: string) {
  if (value !== undefined) scrubber.register(new Secret(value), name)
}

async function textsOf(host: Host, place: ProjectPlace) {
  const project = await projectOrNothing(host, place)
  if (project === undefined) return []
  const decoder = new TextDecoder()
  return ['eosflow.yaml', project.settings.inventory].map((file) => {
    const content = readOf(project, file)
    return typeof content === 'string' ? content : decoder.decode(content)
  })
}

async function projectOrNothing(host: Host, place: ProjectPlace) {
  if (place.project === undefined && projectFolder(host.cwd) === undefined) return undefined
  const { findProject } = await import('../../files/project.ts')
  try {
    return findProject(host, { ...place, despiteUnknownKeys: true })
  } catch {
    return undefined
  }
}

function readOf(project: Project, file: string) {
  try {
    return project.files(file) ?? ''
  } catch {
    return ''
  }
}

export function variable(env: Host['env'], name: string) {
  return Object.hasOwn(env, name) ? env[name] : undefined
}

// Whoever wrote the reference may mean a device or a pipe, which would never end.
function readIfThere(path: string) {
  try {
    return readRegularText(path, { noLink: true, most: LARGEST }).replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}
