import type { Ledger } from '../../../change/engine/ledger.ts'
import type { Authority, StateStart } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan, ShownPlan } from '../../../change/plan/plan.ts'
import { type PolicyInput, policyInput, withoutGate } from '../../../change/plan/policy-input.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import type { BreakGlass } from '../../../change/policy/decide.ts'
import {
  deniedByGate,
  GATE,
  type Gate,
  type GateHeard,
  type GateReading,
  readGateAnswer,
} from '../../../change/policy/gate-answer.ts'
import { canonicalJson, sha256 } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import type { Json } from '../../../model/json.ts'
import { denialRecord, type PolicyContext, policyDevices } from '../../access/policy/authority.ts'
import { changeTime, demandsOn, isByBrokenGlass } from '../../access/policy/demands.ts'
import { isLive, requirePlanSight } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import type { Project } from '../../files/project.ts'
import { guardCommands } from '../../files/project-guard.ts'
import { planNamed } from '../../history/plans/plan-source.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { allowedEnv, ProgramFault, printedBy } from '../../secret/program.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'

// How many bytes an answer may have.
const LONGEST = 65_536

export interface GateHost extends Pick<Host, 'env' | 'cwd'> {
  readonly project: Pick<Project, 'dir' | 'guard'>
  readonly http: HttpPort
}

/** Asks the gate of a policy about a document, once. `roles`: those of the policy. */
export async function askGate(
  host: GateHost,
  gate: Gate,
  roles: readonly string[],
  document: string,
): Promise<GateHeard> {
  try {
    return 'exec' in gate
      ? readGateAnswer(await printed(host, gate.exec, document), roles, false)
      : await posted(host.http, gate.http, roles, document)
  } catch (error) {
    return { fault: faultOf(error, host.http) }
  }
}

async function printed(
  { env: given, cwd, project }: GateHost,
  { command, env, timeout: seconds }: Extract<Gate, { exec: unknown }>['exec'],
  input: string,
) {
  guardCommands(project.guard, [command], [project.dir, cwd])
  return printedBy({
    command: command as readonly [string, ...string[]],
    env: allowedEnv(env, given),
    cwd: project.dir,
    seconds,
    longest: LONGEST,
    input,
  })
}

async function posted(
  http: HttpPort,
  { url, headers, timeout }: Extract<Gate, { http: unknown }>['http'],
  roles: readonly string[],
  document: string,
) {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const { status, body } = await http.send(
    {
      name: `POST ${url}`,
      method: 'POST',
      url,
      headers: { ...own, accept: 'application/json', 'content-type': 'application/json' },
      body: `{"input":${document}}`,
      milliseconds: timeout * 1000,
      onlyReads: true,
    },
    new AbortController().signal,
  )
  if (status !== 200) return { fault: `it answers with the status ${status}` }
  if (body.length > LONGEST) return { fault: `its answer has more than ${LONGEST} bytes` }
  return readGateAnswer(body, roles, true)
}

function faultOf(error: unknown, http: HttpPort) {
  if (error instanceof ProgramFault) return `the program ${error.message}`
  if (error instanceof InputError) return error.problems.map(({ message }) => message).join('; ')
  if (error instanceof EosflowError) return http.scrub(error.message)
  return 'it could not be asked'
}

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
    const plan = await recordedPlan(app.store, state.plan.ref)
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

/** Throws as {@link planNamed} and {@link requirePlanSight} do. */
export async function policyInputOf(app: RecordApp, caller: SilentCaller, word: string): Promise<PolicyInput> {
  const { plan } = await planNamed(app, word)
  await requirePlanSight(app, caller, plan)
  return judgedInput(app, caller, plan)
}

function judgedInput(app: PolicyContext, caller: SilentCaller, plan: ShownPlan): PolicyInput {
  const { content } = plan
  const known = policyDevices(
    app.project,
    content.devices.map(({ name }) => name),
  )
  return policyInput(plan, {
    tags: Object.fromEntries(known.map(({ name, tags }) => [name, tags])),
    lasts: changeTime(content, content.waves[0] ?? []),
    approvals: demandsOn(app, caller, withoutGate(plan), { isAsked: content.approve !== null }),
  })
}
