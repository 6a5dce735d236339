import { actLog } from '../../change/engine/act-log.ts'
import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import {
  COMPLY_FILE,
  Excuses,
  exceptionProblems,
  type JudgedSection,
  PLAIN_RULES,
  readComplyFile,
} from '../../change/plan/comply/comply-file.ts'
import { offlineEvidence } from '../../change/plan/offline.ts'
import { isLiveAt } from '../../change/record/store/lease.ts'
import { actOnce, read } from '../../change/task/act/act.ts'
import { needsRunning, type RenderedChange, stageableChange } from '../../change/task/act/rendered-change.ts'
import { requireSameSwitch } from '../../change/task/act/switch-identity.ts'
import { presentDifferences, sectionDifferences } from '../../eos/config/merge.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { type Device, type Fleet, isOpen } from '../../eos/device/device.ts'
import { EosflowError, messageOf, ofOneSwitch, problemOf } from '../../model/error.ts'
import { noFence } from '../../model/fence.ts'
import { definedMembers } from '../../model/json.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import type { Project } from '../../project/files/project.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { readersOf, withFleet } from '../../project/switches/connect/open-fleet.ts'
import { secretlessConfig } from '../../project/switches/connect/secretless-lines.ts'
import { requireSwitchClocks } from '../../project/switches/connect/switch-clocks.ts'
import { abortSession } from '../../project/switches/sessions/recover.ts'
import { systemRandom } from '../../project/system/machine/system-clock.ts'
import { hinted } from '../../project/system/process/hinted.ts'
import { InputError, orProblems } from '../../project/system/process/input-error.ts'
import type { ComparedSwitch, Compliance, ComplySection, Excuse, SwitchCompliance } from '../../report/comply/comply.ts'
import { absentProblem } from '../../text/source/files.ts'
import { type IntendedChange, type IntendedFrom, type IntendedSwitch, intendedChanges } from './intended-changes.ts'
import type { KnownSwitch } from './known-switches.ts'

// A list of sessions may lag behind what was done: it is looked at so often, with pauses in milliseconds.
const LOOKS = 5
const PAUSE = 1_500

async function stageAlone(
  app: RecordApp,
  caller: Caller,
  fleet: Fleet,
  name: string,
  { mode, commands }: Pick<RenderedChange, 'mode' | 'commands'>,
) {
  const session = `eosflow-${(app.seams?.random ?? systemRandom).hex(4)}-1`
  const log = actLog(async (event) => {
    await app.journalAs(caller.principal).append(undefined, [event])
  })
  const staged = await actOnce({ fleet, log }, name, 'stage', { session }, (device) =>
    device.stage({ session, mode, commands }),
  ).catch((failure: unknown) => ({ failure }))
  const own = { name, session }
  if ('failure' in staged) {
    const { failure } = staged
    // Of what cannot have arrived nothing can be left.
    if (!(failure instanceof EosflowError) || failure.kind !== 'refused') throw failure
    await requireGone(app, caller, fleet, own, 'seen')
    throw failure
  }
  await requireGone(app, caller, fleet, own, staged.outcome === 'done' ? 'heard' : 'lost')
  if (staged.outcome === 'done') return staged.result
  const message = `${name}: the answer to its config session was lost; nothing was committed, and the session is gone`
  throw new EosflowError('lost-answer', message, { device: name, hint: 'Compare it again.' })
}

type Known = 'heard' | 'seen' | 'lost'

interface Own {
  readonly name: string
  readonly session: string
}

// Throws `refused` where it stays, and names it: nothing of it is in force.
async function requireGone(app: RecordApp, caller: Caller, fleet: Fleet, { name, session }: Own, known: Known) {
  const readers = readersOf(app, caller, fleet.as('read'))
  const isThere = async () => {
    const { sessions } = await read(readers, name, (device) => device.look([])).catch((cause: unknown) => {
      throw left(app, { name, session }, `: it does not say whether that is gone: ${messageOf(cause)}`, cause)
    })
    const state = sessions.sessions[session]
    return state !== undefined && isOpen(state)
  }
  let said: string | undefined
  let wasSeen = known !== 'lost'
  for (let looks = 1; looks <= LOOKS; looks++) {
    if (looks > 1) await app.clock.sleep(PAUSE)
    if (await isThere()) {
      wasSeen = true
      said = await abortSession(app, caller, fleet, { device: name, session, lets: undefined })
    } else if (wasSeen) return
  }
  if (await isThere()) throw left(app, { name, session }, said === undefined ? '' : `: ${said}`)
}

function left(app: RecordApp, { name: device, session }: Own, why: string, cause?: unknown) {
  const message = `${device}: config session ${session} may still be there, and nothing of it was committed${why}`
  return new EosflowError('refused', message, { device, cause, ...hinted(app, { code: 'collect-sessions' }) })
}

interface ComparedTexts {
  readonly by: ComparedSwitch['by']
  readonly running: string
  readonly intended: string
}

// Throws `busy` where another comparison, or an execution, is at work on it.
async function askSwitch(
  app: RecordApp,
  caller: Caller,
  fleet: Fleet,
  name: string,
  { change, of }: IntendedChange,
): Promise<ComparedTexts> {
  const readers = readersOf(app, caller, fleet.as('read'))
  const reading = <T>(ask: (device: Device) => Promise<T>) => read(readers, name, ask)
  await requireIdle(app, name)
  const { identity } = await reading((device) => device.look([]))
  if (of !== undefined) requireSameSwitch(name, identity, of, 'confirmed was')
  let sent = change
  if (needsRunning(change)) {
    const config = await reading((device) => device.readConfig())
    const stageable = stageableChange(change, { name, eos: identity.eos, running: config.running })
    if (stageable === undefined) {
      const device = { name, identity, ...config, state: {} }
      return modelled({ device, secretless: secretlessConfig }, change)
    }
    sent = stageable
  }
  const { running, candidate } = await stageAlone(app, caller, fleet, name, sent)
  requirePrinted(name, 'running-config', running)
  if (sent.commands.length > 0) requirePrinted(name, 'the config session', candidate)
  return { by: 'switch', running: secretlessConfig(running), intended: secretlessConfig(candidate) }
}

// Throws `protocol` for a text without a command: two of them would be as intended, whatever the switch runs.
function requirePrinted(device: string, what: string, text: string) {
  if (parseConfig(text).children.length > 0) return
  throw new EosflowError('protocol', `${device}: ${what} was printed without a line`, {
    device,
    hint: 'Log in as the user that plans, and look whether it may see the configuration.',
  })
}

// Throws `guard` and `refused`, as a plan does.
function modelled({ device, secretless }: KnownSwitch, change: IntendedChange['change']): ComparedTexts {
  const { staged } = offlineEvidence(device, change)
  return { by: 'model', running: secretless(device.running), intended: secretless(staged.candidate) }
}

// Throws `busy` while an execution changes the switch: what it runs then is nobody's state, and its config sessions are taken.
async function requireIdle(app: RecordApp, device: string) {
  const lease = await app.leases.leaseOf(device)
  if (lease === undefined || !isLiveAt(lease, new Date(app.clock.now()).toISOString())) return
  const { execution } = lease
  throw new EosflowError('busy', `execution ${execution} changes ${device} at this moment`, {
    device,
    ...hinted(app, { code: 'watch', execution }),
  })
}

function shownSection({ section, lines }: JudgedSection): ComplySection {
  const counted = lines.filter(({ excuse }) => excuse === undefined)
  const states = new Set(counted.map(({ kind }) => kind))
  return {
    name: section,
    states: (['missing', 'extra', 'ordered'] as const).filter((kind) => states.has(kind)),
    lines: lines.map(({ kind, change, excuse }) => ({
      kind,
      sign: change.sign,
      line: [...change.path, change.line].join(' > '),
      ...(excuse === undefined ? {} : { excuse: shownExcuse(excuse) }),
    })),
    config: presentDifferences(counted),
  }
}

function shownExcuse({ owner, until, because }: Excuse): Excuse {
  return { owner, until, because }
}

interface ComplyRequest extends IntendedFrom {
  readonly target?: string | undefined
  readonly known?: ((name: string) => KnownSwitch) | undefined
}

/** `heard` is called as each is done. Throws InputError for bad files, and as the policy does for `plan.create`. */
export async function comply(
  app: App,
  caller: Caller,
  { target, known, ...from }: ComplyRequest,
  heard: (done: number, all: number) => void = () => undefined,
): Promise<Compliance> {
  const { sectionOf, exceptions } = complyRules(app.project)
  const all = await intendedChanges(app, from, target)
  const devices = all.map(({ device }) => device)
  await requireAllowed(app, caller, 'plan.create', {
    devices: devices.map(({ name }) => name),
    ...definedMembers({ workflow: from.workflow }),
  })
  const excuses = new Excuses(exceptions, new Date(app.clock.now()).toISOString().slice(0, 10))
  const judge = (device: InventoryDevice, { source }: IntendedChange, texts: ComparedTexts): SwitchCompliance => {
    const sections = excuses
      .judged(device, sectionDifferences(texts.running, texts.intended, sectionOf))
      .map(shownSection)
    const state = sections.some(({ states }) => states.length > 0) ? 'differs' : 'compliant'
    return { name: device.name, state, source, by: texts.by, sections }
  }
  let done = 0
  const compared = (compare: (name: string, intended: IntendedChange) => Promise<ComparedTexts>) =>
    Promise.all(
      all.map(async ({ device, intended }): Promise<SwitchCompliance> => {
        const { name } = device
        try {
          if (intended === undefined) return { name, state: 'unknown' }
          if ('failure' in intended) throw intended.failure
          return judge(device, intended, await compare(name, intended))
        } catch (failure) {
          return { name, state: 'unread', failure: ofOneSwitch(failure) }
        } finally {
          done += 1
          heard(done, all.length)
        }
      }),
    )
  const switches =
    known === undefined
      ? await onSwitches(app, caller, all, compared)
      : await compared(async (name, intended) => modelled(known(name), intended.change))
  return {
    switches,
    exceptions: excuses.idle().map(({ exception, because: idle, lines }) => ({
      ...shownExcuse(exception),
      at: `${exception.at.file}:${exception.at.line}`,
      idle,
      lines,
    })),
  }
}

type Comparing = (
  compare: (name: string, intended: IntendedChange) => Promise<ComparedTexts>,
) => Promise<readonly SwitchCompliance[]>

async function onSwitches(app: App, caller: Caller, all: readonly IntendedSwitch[], compared: Comparing) {
  const asked = all.filter(({ intended }) => intended !== undefined).map(({ device }) => device)
  await app.clockRule?.require()
  await requireSwitchClocks(
    app,
    caller,
    asked.map(({ name }) => name),
  )
  return withFleet(app, caller, asked, { fence: noFence }, (fleet) =>
    compared(async (name, intended) => {
      const claim = await app.claims.claim(`comply-${name}`)
      try {
        if (!(await claim.renew()))
          throw new EosflowError('busy', `${name} is compared by another process`, { device: name })
        return await askSwitch(app, caller, fleet, name, intended)
      } finally {
        await claim.release()
      }
    }),
  )
}

// Throws InputError for a file that is not good.
function complyRules({ files, stands, inventory }: Project) {
  const content = files(COMPLY_FILE)
  if (content !== undefined) {
    const rules = orProblems(readComplyFile(content, COMPLY_FILE))
    const problems = exceptionProblems(rules, inventory())
    if (problems.length > 0) throw new InputError(problems)
    return rules
  }
  if (stands(COMPLY_FILE))
    throw new InputError([absentProblem(files, COMPLY_FILE, problemOf(COMPLY_FILE, 'no-such-file', 'it is not there'))])
  return PLAIN_RULES
}
