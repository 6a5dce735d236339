import { credentialNamed } from '../../../change/inventory/credentials.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { EosflowError } from '../../../model/error.ts'
import type { JsonObject } from '../../../model/json.ts'
import { problemOf } from '../../../model/problem.ts'
import { referenceText } from '../../../model/secret-reference.ts'
import type { App } from '../../app/app.ts'
import { closeSecrets, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { Caller } from '../../identity/caller.ts'
import { SHORTEST } from '../../secret/ordinary.ts'
import { InputError } from '../../system/process/input-error.ts'

/** Vault makes what it lends when it is asked for it, so nobody can have given that (developer.hashicorp.com/vault/docs/concepts/lease). */
const LENT = /(?:^|\/)creds\//

/** A login holds its secrets there. */
const SECRETS = ['password', 'key', 'passphrase', 'enable'] as const

/**
 * Refuses the parameters of a change that hold a secret of its switches, before they are on record. Programs and Vault are asked for these secrets
 * now, because the change asks for them a moment later. Throws InputError.
 */
export async function requireSecretlessParams(
  app: App,
  caller: Pick<Caller, 'tell'>,
  { params, devices }: Pick<PreparedChange, 'params' | 'devices'>,
): Promise<void> {
  const texts = Object.entries(params as JsonObject).map(([name, value]) => [name, JSON.stringify(value)] as const)
  if (texts.every(([, text]) => text.length < SHORTEST)) return
  await knowLogins(app, caller, devices)
  const held = texts.filter(([, text]) => app.scrubber.scrub(text) !== text)
  if (held.length === 0) return
  throw new InputError(held.map(([name]) => secretInParam(name)))
}

/** What a store does not give is said where it is needed: a process that only begins a change need not be let in. */
async function knowLogins(
  app: App,
  caller: Pick<Caller, 'tell'>,
  devices: readonly Pick<InventoryDevice, 'credentials' | 'readCredentials' | 'via'>[],
): Promise<void> {
  const references = referencesOf(app, devices)
  if (references.length === 0) return
  const secrets = secretsOf(app)
  try {
    await Promise.all(
      references.map((reference) =>
        secrets.resolve(reference).catch((error: unknown) => {
          if (!(error instanceof EosflowError) || error.kind === 'bug') throw error
        }),
      ),
    )
  } finally {
    await closeSecrets(secrets, caller)
  }
}

/** The references of logins that are not at hand, each once. */
function referencesOf(
  { project }: App,
  devices: readonly Pick<InventoryDevice, 'credentials' | 'readCredentials' | 'via'>[],
): readonly string[] {
  const users = new Set(
    devices.flatMap(({ credentials, readCredentials, via = [] }) => [
      credentials,
      ...(readCredentials === undefined ? [] : [readCredentials]),
      ...via.map((hop) => hop.credentials),
    ]),
  )
  const { credentials } = project.inventory()
  const sources = [...users].flatMap((user) => (user === undefined ? [] : (credentialNamed(credentials, user) ?? [])))
  const texts = sources.flatMap((source) =>
    SECRETS.flatMap((member) => {
      const secret = source[member]
      if (secret?.provider === 'vault') return LENT.test(secret.path) ? [] : [referenceText(secret)]
      return secret?.provider === 'exec' ? [referenceText(secret)] : []
    }),
  )
  return [...new Set(texts)]
}

function secretInParam(name: string) {
  return problemOf(
    name,
    'secret-parameter',
    `the parameter \`${name}\` holds a secret of this project`,
    'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.',
  )
}
