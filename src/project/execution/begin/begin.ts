import type { ExecutionState } from '../../../change/engine/state.ts'
import { credentialNamed } from '../../../change/inventory/credentials.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { EosflowError } from '../../../model/error.ts'
import type { JsonObject } from '../../../model/json.ts'
import { problemOf } from '../../../model/problem.ts'
import { referenceText } from '../../../model/secret-reference.ts'
import { requireUnfrozen } from '../../access/policy/freeze-in-force.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { closeSecrets, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { AskMode } from '../../approval/approvals.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { SHORTEST } from '../../secret/ordinary.ts'
import { requireClocksHere } from '../../switches/connect/switch-clocks.ts'
import { requireMerged } from '../../switches/inventory/netbox-branch.ts'
import { InputError } from '../../system/process/input-error.ts'
import { tellTickets } from '../around/tell-tickets.ts'
import { requireMayBegin } from '../change-window/may-begin.ts'
import { type Beginning, recordBeginning, targetsOf } from '../journal/record-beginning.ts'
import { requireJudges } from '../judge/require-judges.ts'
import { awaitQuarantines } from '../run/quarantine.ts'
import { requireFree } from '../run/require-free.ts'
import { requireOwnerSessions } from '../run/require-owner-sessions.ts'
import { run } from '../run/run.ts'

// Vault makes what it lends when it is asked for it, so nobody can have given that (developer.hashicorp.com/vault/docs/concepts/lease).
const LENT = /(?:^|\/)creds\//

const SECRETS = ['password', 'key', 'passphrase', 'enable'] as const

// Programs and Vault are asked for these secrets now, because the change asks for them a moment later. Throws InputError.
async function requireSecretlessParams(
  app: RecordApp,
  caller: Pick<Caller, 'tell'>,
  { params, devices }: Pick<PreparedChange, 'params' | 'devices'>,
) {
  const texts = Object.entries(params as JsonObject).map(([name, value]) => [name, JSON.stringify(value)] as const)
  if (texts.every(([, text]) => text.length < SHORTEST)) return
  await knowLogins(app, caller, devices)
  const held = texts.filter(([, text]) => app.scrubber.scrub(text) !== text)
  if (held.length === 0) return
  throw new InputError(held.map(([name]) => secretInParam(name)))
}

async function knowLogins(
  app: RecordApp,
  caller: Pick<Caller, 'tell'>,
  devices: readonly Pick<InventoryDevice, 'credentials' | 'readCredentials' | 'via'>[],
) {
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

function referencesOf(
  { project }: RecordApp,
  devices: readonly Pick<InventoryDevice, 'credentials' | 'readCredentials' | 'via'>[],
) {
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

/** Throws `window-closed` while a freeze is in force, unless the glass is broken for it, and where its change file does not let it begin; `busy` when another execution holds one of its switches or what must hold does not, `clock` where this machine's clock is wrong, InputError where the invariants are not good. */
export async function begin(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState> {
  const targets = targetsOf(beginning)
  // Those that cannot be read are told before anything is on record.
  app.project.invariants()
  await requireSecretlessParams(app, caller, beginning.prepared)
  if (beginning.plan === undefined) {
    await requireJudges(app, caller, beginning.prepared)
    await tellTickets(app, caller, beginning.prepared)
  } else await requireMerged(app, caller, beginning.plan)
  if (beginning.purpose === 'run') requireOwnerSessions(app, targets)
  if (beginning.purpose === 'run' && beginning.emergency === undefined) await requireUnfrozen(app)
  await app.clockRule?.require()
  await requireMayBegin(app, beginning)
  await requireClocksHere(app, caller, targets)
  if (beginning.purpose === 'run') {
    await requireFree(app, targets)
    await awaitQuarantines(app, caller, targets)
    await caller.begins?.(app.shared === undefined ? undefined : app.notes)
  }
  return recordBeginning(app, caller, beginning)
}

/** Throws as {@link open} does. */
export async function beginAndRun(
  app: App,
  caller: Caller,
  beginning: Beginning,
  ask: AskMode,
): Promise<ExecutionState> {
  return run(app, caller, await begin(app, caller, beginning), ask)
}
