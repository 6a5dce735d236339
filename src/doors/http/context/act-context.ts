import { listWords, selectDevices } from '../../../change/inventory/selector.ts'
import { EosflowError, type Problem } from '../../../model/error.ts'
import { definedMembers, type Json } from '../../../model/json.ts'
import { requireAllowed, underSeenPolicy } from '../../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../../project/app/app.ts'
import { inTrace } from '../../../project/app/trace/in-trace.ts'
import type { Challenges } from '../../../project/approval/challenge.ts'
import { failedSwitches } from '../../../project/history/executions/failed-switches.ts'
import { meantTarget } from '../../../project/history/executions/meant-target.ts'
import type { Caller, SilentCaller } from '../../../project/identity/caller-of.ts'
import { encodedForms } from '../../../project/secret/encoded-forms.ts'
import type { Console } from '../../../project/system/process/console.ts'
import { InputError, inputError, orProblems } from '../../../project/system/process/input-error.ts'
import { locatedNowhere } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/yaml.ts'
import type { ApprovalRequests } from '../jobs/approval-requests.ts'
import type { Hooks } from '../jobs/hooks.ts'
import type { Rehearsals } from '../jobs/rehearsals.ts'
import type { Runs } from '../jobs/runs.ts'
import type { Schedules } from '../jobs/schedules.ts'
import type { BoundedDenials } from '../limits/bounded-records.ts'
import { type ActInput, type ActName, actInputs } from '../request/act-input.ts'
import { aboutSeen, inventoryFor, nothingThere } from '../request/readable.ts'
import { SEE_POLICY } from '../request/see-policy.ts'
import type { SentBrowsers } from '../session/sent-browsers.ts'
import type { Asker } from './message.ts'
import { whoIs } from './who-is.ts'

export interface ActContext {
  readonly app: App
  readonly runs: Runs
  readonly challenges: Challenges
  readonly sent: SentBrowsers
  readonly rehearsals: Rehearsals
  readonly hooks: Hooks
  readonly schedules: Schedules
  readonly requests: ApprovalRequests
  readonly console: Console
  readonly denials: BoundedDenials
  readonly following: AbortSignal
  failed(what: string, error: unknown): void
}

type Perform<Name extends ActName> = (context: ActContext, caller: Caller, input: ActInput<Name>) => Promise<unknown>

export type ActTable = { readonly [Name in ActName]: Perform<Name> }

/** Does what the front asks for: who asks and what is asked are judged here once more. Throws as the act does, and InputError. */
export async function perform(
  table: ActTable,
  context: ActContext,
  act: ActName,
  asker: Asker,
  given: unknown,
): Promise<unknown> {
  const input = orProblems(
    parseWith<ActInput<ActName>>(actInputs[act] as never, locatedNowhere(given as Json, 'request')),
  )
  requireNoToken(asker, input)
  const caller = await callerFor(context, asker)
  const project = await underSeenPolicy(context.app.project, context.app, caller)
  const work = table[act] as Perform<ActName>
  const app: App = { ...context.app, project }
  let meant = input
  try {
    meant = await withMeantTargets(app, caller, input)
    return await work({ ...context, app }, caller, meant as never)
  } catch (error) {
    const targets = 'targets' in meant ? meant.targets : undefined
    throw await told(app, caller, error, targets === undefined || hasLists(targets) ? undefined : targets)
  }
}

async function withMeantTargets(app: RecordApp, caller: SilentCaller, input: ActInput<ActName>) {
  if (!('targets' in input) || input.targets === undefined) return input
  const failed = (word: string) => aboutSeen(app, caller, word, () => failedSwitches(app, caller, word))
  return { ...input, targets: await meantTarget(input.targets, () => inventoryFor(app, caller), { failed }) }
}

function hasLists(targets: string) {
  return listWords(targets).length > 0
}

async function told(app: RecordApp, caller: SilentCaller, error: unknown, targets: string | undefined) {
  const shown = toldTo(app, caller, error, targets)
  if (error instanceof InputError && !(shown instanceof InputError))
    await requireAllowed(app, caller, 'execution.read').catch(() => undefined)
  return shown
}

async function callerFor({ app, console }: ActContext, { principal, token, trace }: Asker): Promise<Caller> {
  const asking = { ...console, ...inTrace(trace) }
  if (token === undefined) return { ...asking, principal }
  const known = await whoIs(app.project, app, token)
  return { ...asking, principal: known.principal, begins: known.begins }
}

function requireNoToken({ token }: Asker, input: unknown) {
  if (token === undefined) return
  const text = JSON.stringify(input)
  if (![...encodedForms(token)].some((form) => text.includes(form))) return
  throw inputError('request', 'token-in-request', 'the request holds the token that it is sent with', TOKEN_HINT)
}

const TOKEN_HINT =
  'Send the token as `Authorization: Bearer TOKEN` alone, and get a new one: others may have read this one.'

// Denials and faults of a selector name switches: one that may not be seen is told of as one that is not there.
function toldTo(app: RecordApp, caller: SilentCaller, error: unknown, targets?: string) {
  if (!isDenial(error) && !(error instanceof InputError)) return error
  const visible = inventoryFor(app, caller)
  const seen = new Set(visible.devices.map(({ name }) => name))
  const hidden = app.project.inventory().devices.flatMap(({ name }) => (seen.has(name) ? [] : [name]))
  if (hidden.length === 0) return error
  if (targets !== undefined && (isDenial(error) || isAboutSelection(error))) {
    if (seen.size === 0) return nothingThere()
    const selected = selectDevices(targets, visible)
    if (!selected.ok) return new InputError(selected.problems)
  }
  const isNamed = naming(hidden)
  if (error instanceof InputError) return new InputError(error.problems.map((one) => withoutHint(one, isNamed)))
  if (!isNamed(`${error.message} ${error.hint ?? ''}`)) return error
  return new EosflowError(error.kind, 'the policy does not let you do that on every switch that it is about', {
    hint: SEE_POLICY,
    ...definedMembers({ decision: error.decision }),
  })
}

function isDenial(error: unknown): error is EosflowError {
  return error instanceof EosflowError && (error.kind === 'not-authorised' || error.kind === 'window-closed')
}

function isAboutSelection(error: InputError) {
  return error.problems.some(({ code }) => code === 'unknown-target' || code === 'nothing-selected')
}

function withoutHint(problem: Problem, isNamed: (text: string) => boolean) {
  const { hint, ...told } = problem
  return hint !== undefined && isNamed(hint) ? { ...told, hint: 'check the spelling' } : problem
}

function naming(names: readonly string[]): (text: string) => boolean {
  const known = new Set(names)
  return (text) =>
    (text.match(/[A-Za-z0-9._-]+/g) ?? []).some((word) => known.has(word) || known.has(word.replace(/[.]+$/, '')))
}
