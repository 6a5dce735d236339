import { join } from 'node:path'
import type { Plan } from '../../src/plan/plan.ts'
import { sealPlan } from '../../src/plan/seal.ts'
import { readOrMakeInstallKey } from '../../src/system/install-key.ts'
import { signingKeys } from '../../src/system/signing-keys.ts'

/** A plan that somebody who holds the keys of the installation in a folder has changed and sealed again. */
export function resealed(dir: string, plan: Plan): Plan {
  const folder = join(dir, '.eosflow')
  const { key } = signingKeys(folder, {}).readOrMake('plan')
  const { seal: _, ...bare } = plan
  return { ...bare, seal: sealPlan({ key, installKey: readOrMakeInstallKey(folder, {}) }, bare) }
}
