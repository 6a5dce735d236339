import type { JudgedSection } from '../../change/plan/comply/comply-file.ts'
import { offlineEvidence } from '../../change/plan/offline.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import { isLiveAt } from '../../change/record/store/lease.ts'
import { type ActOnceContext, actOnce } from '../../change/task/act/act-once.ts'
import { read } from '../../change/task/act/read.ts'
import type { RenderedChange } from '../../change/task/act/rendered-change.ts'
import { requireSameSwitch } from '../../change/task/act/same-switch.ts'
import { needsRunning, stageableChange } from '../../change/task/act/stageable-change.ts'
import { presentDifferences } from '../../eos/config/section-differences.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import type { Device } from '../../eos/device/device.ts'
import { isOpen } from '../../eos/device/session-table.ts'
import type { Fleet } from '../../eos/device/transport.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { RecordApp } from '../../project/app/app.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { readersOf } from '../../project/switches/connect/read-each.ts'
import { secretlessConfig } from '../../project/switches/connect/secretless-lines.ts'
import { abortSession } from '../../project/switches/sessions/collect.ts'
import { systemRandom } from '../../project/system/machine/system-random.ts'
import { hinted } from '../../project/system/process/hinted.ts'
import type { ComparedSwitch, ComplySection, Excuse } from '../../report/comply/comply.ts'
import type { IntendedChange } from './intended-changes.ts'
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
  const append = async (event: EventBody) => {
    await app.journalAs(caller.principal).append(undefined, [event])
  }
  const log: ActOnceContext['log'] = {
    intended: (device, kind, detail) => append({ type: 'ActIntended', device, act: kind, ...detail }),
    finished: (device, kind, detail) => append({ type: 'ActFinished', device, act: kind, ...detail }),
  }
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

export interface ComparedTexts {
  readonly by: ComparedSwitch['by']
  readonly running: string
  readonly intended: string
}

/** Throws `busy` where another comparison, or an execution, is at work on it. */
export async function askSwitch(
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

/** Throws `guard` and `refused`, as a plan does. */
export function modelled({ device, secretless }: KnownSwitch, change: IntendedChange['change']): ComparedTexts {
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

export function shownSection({ section, lines }: JudgedSection): ComplySection {
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

export function shownExcuse({ owner, until, because }: Excuse): Excuse {
  return { owner, until, because }
}
