import { definedMembers } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import type { VaultSettings } from '../../../model/secret-reference.ts'
import type { Project } from '../../files/project.ts'
import { certificateAuthority } from '../../files/project-text.ts'
import { callerOf } from '../../identity/caller-of.ts'
import { openSecrets, type SecretPorts, type Secrets } from '../../secret/secrets.ts'
import { exchange, type VaultRequest } from '../../secret/vault/exchange.ts'
import { openVault } from '../../secret/vault/vault.ts'
import { INSTALL_KEY, NEXT_INSTALL_KEY, OLD_INSTALL_KEYS } from '../../system/machine/key-files.ts'
import type { Console } from '../../system/process/console.ts'
import type { Host } from '../../system/process/host.ts'
import { noSeams } from '../../system/process/seams.ts'

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

export type SecretsHost = Host & { readonly project: Project }

/** The secrets of a project for one command, known to the scrubber before anyone else. `resolved` is told of each that was asked for. */
export function secretsOf(app: SecretsHost, resolved?: SecretPorts['resolved']): Secrets {
  const { exec, vault } = app.project.settings.secrets
  const { clock } = app.seams ?? noSeams
  const ports: SecretPorts = {
    env: app.env,
    exec,
    register: (secret, name) => app.scrubber.register(secret, name),
    now: () => clock.now(),
    ...definedMembers({ resolved }),
  }
  return openSecrets(vault === undefined ? ports : { ...ports, vault: vaultOf(vault, app, ports) })
}

const HINT = 'Check the path under secrets: vault: ca: in eosflow.yaml.'

function vaultOf(settings: VaultSettings, app: SecretsHost, ports: SecretPorts) {
  const { project } = app
  const elsewhere = openSecrets(ports)
  const { address, namespace, ca: file } = settings
  let ca: Promise<string> | undefined
  const send = async (request: VaultRequest) => {
    const instead = app.seams?.vault?.(request)
    if (instead !== undefined) return instead
    if (file !== undefined) ca ??= certificateAuthority(project, 'Vault', file, HINT)
    const trusted = await ca
    return exchange(
      {
        address,
        ...definedMembers({ namespace, ca: trusted }),
      },
      request,
    )
  }
  return openVault({
    login: settings.login,
    now: ports.now,
    register: ports.register,
    resolve: (reference) => elsewhere.resolve(reference),
    callerToken: () => callerToken(app),
    send,
  })
}

async function callerToken(app: SecretsHost) {
  if (app.project.settings.identity !== undefined) return (await callerOf(app.project, app)).token
  const { EOSFLOW_TOKEN: token = '' } = app.env
  return token === '' ? undefined : new Secret(token)
}

export async function closeSecrets(secrets: Secrets, caller: Pick<Console, 'tell'>): Promise<void> {
  for (const left of await secrets.close()) caller.tell(`! ${left}\n`)
}
