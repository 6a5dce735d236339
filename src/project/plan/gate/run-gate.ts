import type { Authority, StateStart } from '../../../change/engine/authority.ts'
import type { Ledger } from '../../../change/engine/ledger.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan, ShownPlan } from '../../../change/plan/plan.ts'
import { readRecordedPlan } from '../../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../../change/plan/stored-plan.ts'
import { deniedByGate, GATE, type GateHeard, type GateReading } from '../../../change/policy/gate-answer.ts'
import type { BreakGlass } from '../../../change/policy/rule-match.ts'
import { canonicalJson } from '../../../model/canonical-json.ts'
import { sha256 } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { Json } from '../../../model/json.ts'
import { denialRecord, type PolicyContext } from '../../access/policy/authority.ts'
import { isByBrokenGlass } from '../../access/policy/demands.ts'
import { isLive } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import { askGate } from './ask-gate.ts'
import { judgedInput } from './policy-input.ts'

export interface RunGate {
  /** Throws `not-authorised` where it denies. */
  reading(plan: Plan): Promise<GateReading | undefined>
  /** Asks the gate before each push. */
  readonly authority: Authority
  writeTo(ledger: Pick<Ledger, 'append'>): void
}

interface GateGround {
  readonly app: RecordApp
  readonly caller: SilentCaller
  readonly http: HttpPort
  readonly breakGlass: BreakGlass | undefined
}

interface Question {
  readonly input: string
  readonly heard: GateHeard
}

export function runGate(ground: GateGround): RunGate {
  const { app, caller } = ground
  let ledger: Pick<Ledger, 'append'> | undefined
  let underway: { readonly plan: string; readonly question: Promise<Question | undefined> } | undefined

  const ask = async (plan: ShownPlan, moment: 'plan' | 'push'): Promise<Question | undefined> => {
    const question = await asked(ground, plan)
    if (question === undefined) return undefined
    if (ledger === undefined) throw new EosflowError('bug', 'a gate was asked before there was a record')
    await ledger.append({
      type: 'GateAsked',
      moment,
      plan: plan.digest,
      input: question.input,
      ...recorded(question.heard),
    })
    return question
  }
  const askedBeforePush = async (plan: ShownPlan) => {
    if (underway?.plan === plan.digest) return underway.question
    const question = ask(plan, 'push').finally(() => {
      underway = undefined
    })
    underway = { plan: plan.digest, question }
    return question
  }
  const why = async (state: ExecutionState) => {
    if (gateNow(ground) === undefined) return undefined
    if (state.plan === undefined) return 'the policy has a gate, and there is no plan to ask it about'
    const plan = readRecordedPlan(await storedPlan(app.store, state.plan.ref))
    const question = await askedBeforePush(plan)
    return question === undefined ? undefined : deniedByGate(question.heard, plan.content.gate ?? [])
  }
  return {
    writeTo: (one) => {
      ledger = one
    },
    reading: async (plan) => {
      const question = await ask(plan, 'plan')
      if (question === undefined) return undefined
      const { heard, input } = question
      if ('fault' in heard || heard.answer.decision === 'deny') throw denied(app, deniedByGate(heard, []) ?? '')
      const { version: _, ...said } = heard.answer
      return { input, ...said }
    },
    authority: async (start, state) => {
      const reason = isPush(start, state) ? await why(state) : undefined
      if (reason === undefined) return { effect: 'allow' }
      const about = {
        devices: start.devices,
        workflow: state.file,
        ...(state.plan === undefined ? {} : { plan: state.plan.digest }),
      }
      const made = { reason, rules: [GATE], policy: app.project.policy()?.digest ?? null }
      return {
        effect: 'deny',
        error: denied(app, reason),
        record: denialRecord(caller.principal, 'task.push', about, made),
      }
    },
  }
}

function isPush(start: StateStart, state: ExecutionState) {
  return start.state.task === 'push' && state.status === 'running' && !isLive(start, state)
}

function gateNow({ app }: GateGround) {
  const loaded = app.project.policy()
  return loaded?.policy.gate === undefined
    ? undefined
    : { gate: loaded.policy.gate, roles: Object.keys(loaded.policy.roles) }
}

async function asked(ground: GateGround, plan: ShownPlan): Promise<Question | undefined> {
  const { app, caller, http, breakGlass } = ground
  const found = gateNow(ground)
  if (found === undefined || isByBrokenGlass(app, caller, plan, breakGlass)) return undefined
  const text = app.scrubber.scrub(canonicalJson(judgedInput(app, caller, plan) as unknown as Json))
  const heard = await askGate({ ...app, http }, found.gate, found.roles, text)
  return { input: sha256(text), heard }
}

function recorded(heard: GateHeard) {
  if ('fault' in heard) return { decision: 'none', reasons: [heard.fault] } as const
  const { version: _, ...said } = heard.answer
  return said
}

function denied(app: PolicyContext, reason: string) {
  return new EosflowError('not-authorised', reason, hinted(app, { code: 'see-gate-input' }))
}
