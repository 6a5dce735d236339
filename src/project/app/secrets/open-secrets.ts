import { holdsCertificate } from '../../../eos/transport/connection/authority-text.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { Secret } from '../../../model/secret.ts'
import type { VaultSettings } from '../../../model/secret-settings.ts'
import type { Project } from '../../files/project.ts'
import { projectText } from '../../files/project-text.ts'
import { callerOf } from '../../identity/caller-of.ts'
import { openSecrets, type SecretPorts, type Secrets } from '../../secret/secrets.ts'
import { exchange, type VaultRequest } from '../../secret/vault/exchange.ts'
import { openVault } from '../../secret/vault/vault.ts'
import type { Console } from '../../system/process/console.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'
import { noSeams } from '../../system/process/seams.ts'

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

function vaultOf(settings: VaultSettings, app: SecretsHost, ports: SecretPorts) {
  const { project } = app
  const elsewhere = openSecrets(ports)
  const { address, namespace, ca: file } = settings
  let ca: Promise<string> | undefined
  const send = async (request: VaultRequest) => {
    const instead = app.seams?.vault?.(request)
    if (instead !== undefined) return instead
    if (file !== undefined) ca ??= authority(project, file)
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

async function authority(project: Project, file: string) {
  const text = await projectText(project, file).catch((cause: unknown) => {
    if (cause instanceof InputError) throw cause
    throw new EosflowError('tls', `the certificate authority of Vault cannot be read from ${file}`, {
      hint: 'Check the path under secrets: vault: ca: in eosflow.yaml.',
      cause,
    })
  })
  if (holdsCertificate(text)) return text
  throw new EosflowError('tls', `${file} holds no certificate of an authority for Vault`, {
    hint: 'It has to be PEM: -----BEGIN CERTIFICATE-----.',
  })
}

export async function closeSecrets(secrets: Secrets, caller: Pick<Console, 'tell'>): Promise<void> {
  for (const left of await secrets.close()) caller.tell(`! ${left}\n`)
}
