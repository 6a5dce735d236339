import type { ChangeLine } from '../../eos/config/diff/diff.ts'
import { comparableText, VOLATILE_VERSION } from '../../eos/config/vlan-sets.ts'
import { canonicalJson, hmac } from '../../model/digest.ts'
import { isSignedBy, type SigningKey } from '../../model/ed25519.ts'
import { everyKey, type InstallKey } from '../../model/install-keys.ts'
import type { Json } from '../../model/json.ts'
import { keptIn } from '../../model/once.ts'
import { preAuthEncoding } from '../policy/statement.ts'
import type { RenderedChange } from '../task/act/rendered-change.ts'
import { diffText } from './comparison.ts'
import type { Plan, PlanSeal } from './plan.ts'

export function sealRunning(key: string, running: string): string {
  return sealComparable(key, comparableText(running))
}

export function sealComparable(key: string, running: string): string {
  return hmac(key, `running:${VOLATILE_VERSION}\n${running}`)
}

export function sealCommands(key: string, change: RenderedChange): string {
  const commands = change.commands.map(({ cmd, input }) => (input === undefined ? [cmd] : [cmd, input]))
  return hmac(key, `commands:${JSON.stringify([change.mode, commands])}`)
}

export function sealDiff(key: string, lines: readonly ChangeLine[]): string {
  return sealDiffText(key, diffText(lines))
}

export function sealDiffText(key: string, text: string): string {
  return hmac(key, `diff:${text}`)
}

const PAYLOAD_TYPE = 'application/vnd.eosflow.plan+json'

export interface PlanSealer {
  /** The plan key: Ed25519, and never made of the install key. */
  readonly key: SigningKey
  /** The install key: it says that the plan key is of this installation. */
  readonly installKey: string
}

export function sealPlan({ key, installKey }: PlanSealer, plan: Pick<Plan, 'digest' | 'evidence'>): PlanSeal {
  const shown = evidenceText(plan)
  const own = ownership(installKey, key.publicKey, plan.digest, shown)
  return { key: key.publicKey, own, signature: key.sign(sealedBytes(plan.digest, shown, own)) }
}

/** Whether the seal is one over this plan by the key that it names. Whose key that is is not asked. */
export function isSealGood({ seal, ...plan }: Plan): boolean {
  return (
    seal !== undefined && isSignedBy(seal.key, sealedBytes(plan.digest, evidenceText(plan), seal.own), seal.signature)
  )
}

/**
 * Whether the holder of this install key has sealed this very plan by the plan key that its seal names: what it says of one plan vouches
 * for no other.
 */
export function isOwnSeal(installKey: string, plan: Plan): boolean {
  const { seal } = plan
  if (seal === undefined) return false
  const known = keptIn(OWN_SEALS, plan, () => new Map<string, boolean>())
  return keptIn(known, installKey, () => seal.own === ownership(installKey, seal.key, plan.digest, evidenceText(plan)))
}

// What was found of a plan that is in memory, by the install key: its evidence has megabytes, and is asked about by each command several
// times.
const OWN_SEALS = new WeakMap<Plan, Map<string, boolean>>()

/** The install key that a plan was made under: where none of those that were in use vouches for its seal, the present one. */
export function keyOfPlan(key: InstallKey, plan: Plan): string {
  return everyKey(key).find((one) => isOwnSeal(one, plan)) ?? key.text
}

function evidenceText({ evidence }: Pick<Plan, 'evidence'>) {
  return canonicalJson(evidence as unknown as Json)
}

function ownership(installKey: string, publicKey: string, digest: string, shown: string) {
  return hmac(installKey, `plan-seal:[${canonicalJson(publicKey)},${canonicalJson(digest)},${shown}]`)
}

function sealedBytes(digest: string, shown: string, own: string) {
  return preAuthEncoding(PAYLOAD_TYPE, `[${canonicalJson(digest)},${shown},${canonicalJson(own)}]`)
}
