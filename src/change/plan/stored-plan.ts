import { EosflowError } from '../../model/error.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import { GENERATED_LIMIT } from '../../text/source/located.ts'
import type { ArtefactRef } from '../record/event/record-schema.ts'
import type { Artefacts } from '../record/store/journal.ts'
import { textsOf } from '../record/texts-of.ts'
import type { Plan, PlanEvidence } from './plan.ts'
import { readRecordedPlan } from './recorded-plan.ts'

interface Part {
  readonly state?: Json
  readonly deviceDiff?: string
  readonly base?: string
}

type StoredPlan = Omit<Plan, 'evidence'> & {
  readonly evidence: PlanEvidence & { readonly parts: Readonly<Record<string, ArtefactRef>> }
}

// So many parts are put in one transaction: those of 10,000 switches have 40 MB.
const PUT_AT_ONCE = 1000

/** Throws `guard` for a plan that has more bytes, without these parts, than are read of one. */
export async function storePlan(texts: Pick<Artefacts, 'put'>, plan: Plan): Promise<ArtefactRef> {
  const { state, deviceDiffs, bases: _, ...evidence } = plan.evidence
  const names = [...new Set([...Object.keys(state), ...Object.keys(deviceDiffs)])]
  // Judged before anything is stored.
  requirePlanSize(JSON.stringify({ ...plan, evidence }))
  const put = async (name: string) => [name, await texts.put(JSON.stringify(partOf(plan.evidence, name)))] as const
  const parts: Awaited<ReturnType<typeof put>>[] = []
  for (let at = 0; at < names.length; at += PUT_AT_ONCE)
    parts.push(...(await Promise.all(names.slice(at, at + PUT_AT_ONCE).map(put))))
  const stored: StoredPlan = {
    ...plan,
    evidence: { ...evidence, state: {}, deviceDiffs: {}, parts: Object.fromEntries(parts) },
  }
  return texts.put(JSON.stringify(stored))
}

/** Throws `store` for a part that is missing. */
export async function storedPlan(texts: Pick<Artefacts, 'get'>, ref: ArtefactRef): Promise<object> {
  const { evidence, ...plan } = JSON.parse(await texts.get(ref)) as StoredPlan
  const { parts, ...rest } = evidence
  const state: Record<string, Json> = {}
  const deviceDiffs: Record<string, string> = {}
  const bases: Record<string, string> = {}
  for await (const [name, text] of textsOf(texts, Object.entries(parts))) {
    const part = JSON.parse(text) as Part
    if (part.state !== undefined) state[name] = part.state
    if (part.deviceDiff !== undefined) deviceDiffs[name] = part.deviceDiff
    if (part.base !== undefined) bases[name] = part.base
  }
  const kept = Object.keys(bases).length === 0 ? {} : { bases }
  return { ...plan, evidence: { ...rest, state, deviceDiffs, ...kept } }
}

/** Throws `guard` where it has more bytes than are read of one. */
export function planFileText(plan: Plan): string {
  const text = `${JSON.stringify(plan, null, 2)}\n`
  requirePlanSize(text)
  return text
}

/** Throws `guard` for the text of a plan with more bytes than are read of one: 64 MiB, in the store and in a file. */
export function requirePlanSize(text: string, limit = GENERATED_LIMIT): void {
  const size = Buffer.byteLength(text)
  if (size <= limit) return
  throw new EosflowError('guard', `the plan has ${mib(size)} MiB, and a plan may have ${mib(limit)} MiB`, {
    hint: 'Plan for fewer switches at a time with -t. What switches showed counts in a file alone: eosflow run WORKFLOW --detach plans without a file.',
  })
}

const mib = (bytes: number) => (bytes / 1_048_576).toFixed(bytes % 1_048_576 === 0 ? 0 : 1)

function partOf({ state, deviceDiffs, bases = {} }: PlanEvidence, name: string): Part {
  const [own, deviceDiff, base] = [state[name], deviceDiffs[name], bases[name]]
  return definedMembers({ state: own, deviceDiff, base })
}

/** Throws `store` for a part that is missing, and `stale` as {@link readRecordedPlan}. */
export async function recordedPlan(texts: Pick<Artefacts, 'get'>, ref: ArtefactRef): Promise<Plan> {
  return readRecordedPlan(await storedPlan(texts, ref))
}
