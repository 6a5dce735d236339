import { type ChangeLine, type ConfigChange, presentChanges } from '../../eos/config/diff/diff.ts'
import { type KeptLines, keptLines } from '../../eos/config/merge.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import type { ConfigTree } from '../../eos/config/text/tree.ts'
import { changesBetween, comparableText, VOLATILE_VERSION } from '../../eos/config/vlan-sets.ts'
import { canonicalJson, hmac } from '../../model/digest.ts'
import { isSignedBy, type SigningKey } from '../../model/ed25519.ts'
import { everyKey, type InstallKey } from '../../model/install-keys.ts'
import type { Json } from '../../model/json.ts'
import { keptIn } from '../../model/once.ts'
import { TextMemory } from '../../model/text-memory.ts'
import { preAuthEncoding } from '../policy/approval.ts'
import type { DeviceEvidence } from '../task/act/context.ts'
import type { RenderedChange } from '../task/act/rendered-change.ts'
import { isSameSwitch } from '../task/act/switch-identity.ts'
import type { IntendedLines } from './intended.ts'
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

export interface ConfigComparison {
  readonly running: string
  readonly before: ConfigTree
  readonly after: ConfigTree
  readonly changes: readonly ConfigChange[]
  /** This, and not the switch's own diff text, is what a plan binds to: its form depends on no EOS version. */
  readonly lines: readonly ChangeLine[]
}

export interface JudgedEvidence extends DeviceEvidence {
  readonly intended?: IntendedLines
}

export interface ComparedEvidence extends JudgedEvidence {
  readonly comparison: ConfigComparison
  readonly keeping?: KeptLines
}

export function withIntended(
  evidence: readonly DeviceEvidence[],
  intended: ReadonlyMap<string, IntendedLines>,
): readonly JudgedEvidence[] {
  return evidence.map((one) => {
    const found = intended.get(one.device)
    if (found === undefined) return one
    const isOther = found.of !== undefined && !isSameSwitch(found.of, one.identity)
    return { ...one, intended: isOther ? { source: { kind: 'none' }, lines: new Set() } : found }
  })
}

export function replacedSwitches(evidence: readonly DeviceEvidence[]): readonly string[] {
  return evidence.flatMap(({ device, rendered }) => (rendered.mode === 'replace' ? [device] : []))
}

export function compared(one: JudgedEvidence): ComparedEvidence {
  const { rendered, staged, identity } = one
  const { keep, lines: candidate } = rendered
  const { running } = staged
  const keeping = keep === undefined ? {} : { keeping: keptLines({ keep, running, candidate, eos: identity.eos }) }
  return { ...one, comparison: comparisonOf(staged), ...keeping }
}

export type ShownTexts = Pick<DeviceEvidence['staged'], 'running' | 'candidate'>

const known = new WeakMap<ShownTexts, ConfigComparison>()

/** The comparison of what a switch showed of a staged change, made once. */
export function comparisonOf(staged: ShownTexts): ConfigComparison {
  return keptIn(known, staged, () => compare(staged.running, staged.candidate))
}

export function compare(running: string, candidate: string): ConfigComparison {
  const text = comparableText(running)
  const before = parseConfig(text)
  const after = parseConfig(comparableText(candidate))
  const changes = changesBetween(before, after)
  return { running: text, before, after, changes, lines: presentChanges(changes) }
}

/** The text of what a switch has now instead of what it had: it is asked for at each look, of the same two texts. */
export function changedText(before: string, now: string): string {
  const both = `${before}\0${now}`
  return changed.get(both) ?? changed.keep(both, diffText(compare(before, now).lines))
}

const changed = new TextMemory<string>()

export function diffText(lines: readonly ChangeLine[]): string {
  return lines.map(({ sign, text }) => `${sign}${text}`).join('\n')
}
