import { makePlan } from '../../../change/plan/make-plan.ts'
import { offlineEvidence } from '../../../change/plan/offline.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { plannedOf } from '../../../change/plan/settled.ts'
import type { ArtefactRef } from '../../../change/record/event/artefact-ref.ts'
import { textsOf } from '../../../change/record/texts-of.ts'
import type { DeviceEvidence } from '../../../change/task/act/context.ts'
import { EosflowError } from '../../../model/error.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { inverseOf } from '../../history/plans/inverse.ts'
import { requirePlanOfOne } from '../../history/sites/require-whole.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { definitionHere } from '../definition/definition-of.ts'
import { requireInverse } from './judge-recorded.ts'
import { APART, changeWords, preparedInverse, sourcesOfInverse } from './plan-inverse.ts'
import { LONGEST_UNDO, undoOf } from './sources.ts'

/** The plan that takes another one back, on switches as they are once that one is confirmed and saved: a plan like any other, with its own digest and demands. The same plan always has the same undo while the project's settings and policy stay. */
export async function undoPlanOf(given: App, caller: Caller, plan: Plan): Promise<Plan> {
  requirePlanOfOne(plan)
  requireNoBootLines(given, plan)
  const texts = await keptConfigs(given, plan)
  const { content, evidence } = plan
  const applies = content.waves.flat().map((name) => [name, inverseFor(plan, name, texts)] as const)
  const sources = sourcesOfInverse(given, plan, undoOf(plan.digest), applies, {
    expires: LONGEST_UNDO,
    // What the change itself was planned with says which switches are redundant.
    areas: APART.filter((area) =>
      content.devices.every(({ name }) => area in ((evidence.state[name] ?? {}) as object)),
    ),
  })
  const { app, prepared } = await preparedInverse(given, sources)
  const shown = prepared.devices.map(({ name }) => {
    const { identity } = plannedOf(plan, name)
    const rendered = prepared.changes[name]
    if (rendered === undefined) throw new EosflowError('bug', `${name}: no lines of the undo were rendered`)
    const running = texts(name).candidate
    const state = evidence.state[name] as DeviceEvidence['state']
    return offlineEvidence({ name, identity, running, startupDiff: '', state }, rendered)
  })
  requireInverse(app, sources, shown)
  const [requester = caller.principal] = content.requesters
  return makePlan(definitionHere(app, prepared, requester, app.key.text), shown)
}

type Configs = (name: string) => { readonly base: string; readonly candidate: string }

// Throws `stale` where the store has not kept them.
async function keptConfigs(app: RecordApp, plan: Plan): Promise<Configs> {
  const { store } = app
  // Who runs a saved plan puts it on record once more, and asks no switch for it.
  const made = await store.planMade(plan.digest, 'candidates')
  if (made?.bases === undefined || made.candidates === undefined) {
    throw notKept(app, await store.knowsPlan(plan.digest), plan)
  }
  const refsIn = async (ref: ArtefactRef) => JSON.parse(await store.get(ref)) as Readonly<Record<string, ArtefactRef>>
  const [bases, candidates] = [await refsIn(made.bases), await refsIn(made.candidates)]
  const textsIn = async (refs: Readonly<Record<string, ArtefactRef>>): Promise<ReadonlyMap<string, string>> => {
    const wanted = plan.content.waves.flat().map((name) => {
      const ref = refs[name]
      if (ref === undefined) throw notKept(app, true, plan)
      return [name, ref] as const
    })
    const found = new Map<string, string>()
    for await (const [name, text] of textsOf(store, wanted)) found.set(name, text)
    return found
  }
  const [base, candidate] = [await textsIn(bases), await textsIn(candidates)]
  return (name) => {
    const [own, changed] = [base.get(name), candidate.get(name)]
    if (own === undefined || changed === undefined) throw new EosflowError('bug', `${name} does not change`)
    return { base: own, candidate: changed }
  }
}

function requireNoBootLines(app: WordedHost, { content: { devices } }: Plan) {
  const booted = devices.flatMap(({ name, bootLines }) => (bootLines === undefined ? [] : [name]))
  if (booted.length > 0)
    throw noUndo(app, `its boot lines act at once, and no configuration undoes them (${booted.join(', ')})`)
}

function notKept(app: WordedHost, isKnown: boolean, { content }: Plan) {
  const why = !isKnown
    ? 'this store has no record of the plan, so that it does not know what the switches run'
    : content.offline
      ? 'the plan was made offline, so that nobody has asked the switches what they run'
      : 'the configurations of its switches were not read here, or are too much to be kept'
  return noUndo(app, why)
}

function noUndo(app: WordedHost, why: string) {
  return new EosflowError('stale', `there is no undo that could be approved with this plan: ${why}`, {
    ...hinted(app, { code: 'without-undo' }),
  })
}

function inverseFor(plan: Plan, name: string, texts: Configs) {
  const { base, candidate } = texts(name)
  const inverse = inverseOf({ base, target: candidate, running: candidate, allow: plan.content.allow })
  if (inverse.kind === 'applies') return inverse
  const because = inverse.kind === 'moved' ? `: ${changeWords(inverse.because)}` : ''
  throw new EosflowError('stale', `${name}: no lines undo this change${because}`, { device: name })
}
