import type { ExecutionState } from '../../../change/engine/state.ts'
import { isLive } from '../../../change/engine/suspend.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { SecretSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { loadWorkflow } from '../../files/load-workflow.ts'
import { preparedFor } from '../../plan/planning.ts'
import type { Secrets } from '../../secret/secrets.ts'
import {
  knowEither,
  pendingOrNew,
  pendingSecret,
  requireEverySwitch,
  requirePasswordsAlone,
  requireUnpinned,
  requireVault,
  rotatedBy,
  switchesBehind,
  versionsOnRecord,
  withRotated,
} from '../../switches/inventory/rotation.ts'
import { systemRandom } from '../../system/machine/system-random.ts'
import { endPromoted } from '../around/rotate-secret.ts'

/** The secret that the change of an execution rotates: as its plan has it, else as its files have it. Throws `guard`, `stale`. */
export function rotationOf(
  app: RecordApp,
  state: ExecutionState,
  settled: Plan | undefined,
  isEnding: boolean,
): SecretSpec | undefined {
  if (settled !== undefined) return rotatedBy(settled.content.around)
  if (isEnding || !loadWorkflow(app.project, state.file).around.some(({ entry }) => 'secret' in entry)) return undefined
  return rotatedBy(preparedFor(app, state).around)
}

/** The application with the secret that a change rotates, pending in Vault: one that is not there is made where the change is only now planned. Throws `secret`, `guard`, and as Vault does. */
export async function rotatingApp(
  app: App,
  state: ExecutionState,
  {
    secrets,
    rotated,
    isSettled,
    isEnding,
  }: {
    readonly secrets: Secrets
    readonly rotated: SecretSpec | undefined
    readonly isSettled: boolean
    readonly isEnding: boolean
  },
): Promise<App> {
  if (rotated === undefined || app.seams?.unaskedAround === true) return app
  await knownLogins(app, state, secrets, rotated)
  if (isEnding) return app
  try {
    const vault = requireVault(secrets.vault)
    const inventory = app.project.inventory()
    requireUnpinned(inventory, rotated)
    requirePasswordsAlone(inventory, rotated)
    requireEverySwitch(inventory, rotated, state.targets)
    if (!isSettled) await endPromoted(vault, rotated, state.id, app.store)
    const random = app.seams?.random ?? systemRandom
    const found = isSettled ? await pendingSecret(vault, rotated) : await pendingOrNew(vault, random, rotated)
    return found === undefined ? app : withRotated(app, found)
  } catch (error) {
    if (isLive(state) && error instanceof EosflowError) return app
    await secrets.close()
    throw error
  }
}

// Throws as Vault does where a change that has begun could not log in to its switches: they are left to their commit timers, and to the next
// who goes on.
async function knownLogins({ project }: RecordApp, state: ExecutionState, secrets: Secrets, rotated: SecretSpec) {
  const versions = versionsOnRecord(state, rotated)
  if (versions === undefined || state.around?.phase === 'ends') return
  if (switchesBehind(project.inventory(), rotated).length === 0) return
  try {
    await knowEither(secrets, rotated, versions)
  } catch (error) {
    await secrets.close()
    throw error
  }
}
