import type { JudgedSection } from '../../change/plan/comply/excuse.ts'
import { offlineEvidence } from '../../change/plan/offline.ts'
import { isLiveAt } from '../../change/record/store/lease.ts'
import { read } from '../../change/task/act/read.ts'
import { requireSameSwitch } from '../../change/task/act/same-switch.ts'
import { needsRunning, stageableChange } from '../../change/task/act/stageable-change.ts'
import { presentDifferences } from '../../eos/config/section-differences.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import type { Device } from '../../eos/device/device.ts'
import type { Fleet } from '../../eos/device/transport.ts'
import { EosflowError } from '../../model/error.ts'
import type { App } from '../../project/app/app.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { readersOf } from '../../project/switches/connect/read-each.ts'
import { secretlessConfig } from '../../project/switches/connect/secretless-lines.ts'
import { hinted } from '../../project/system/process/hinted.ts'
import type { ComparedSwitch, ComplySection, Excuse } from '../../report/comply/comply.ts'
import type { IntendedChange } from './intended-changes.ts'
import type { KnownSwitch } from './known-switches.ts'
import { stageAlone } from './stage-alone.ts'

/** What a switch runs, and what it would run as intended: as it prints both, without their secrets. */
export interface ComparedTexts {
  readonly by: ComparedSwitch['by']
  readonly running: string
  readonly intended: string
}

/** Has a switch compute what is intended for it. Throws `busy` where another comparison, or an execution, is at work on it. */
export async function askSwitch(
  app: App,
  caller: Caller,
  fleet: Fleet,
  name: string,
  { change, of }: IntendedChange,
): Promise<ComparedTexts> {
  const readers = readersOf(app, caller, fleet.as('read'))
  const reading = <T>(ask: (device: Device) => Promise<T>): Promise<T> => read(readers, name, ask)
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

/** Throws `protocol` for a text without a command: two of them would be as intended, whatever the switch runs. */
function requirePrinted(device: string, what: string, text: string): void {
  if (parseConfig(text).children.length > 0) return
  throw new EosflowError('protocol', `${device}: ${what} was printed without a line`, {
    device,
    hint: 'Log in as the user that plans, and look whether it may see the configuration.',
  })
}

/** The same by the model of the configuration that the simulator runs on: of a switch that is not asked. Throws `guard` and `refused`, as a plan does. */
export function modelled({ device, secretless }: KnownSwitch, change: IntendedChange['change']): ComparedTexts {
  const { staged } = offlineEvidence(device, change)
  return { by: 'model', running: secretless(device.running), intended: secretless(staged.candidate) }
}

/** Throws `busy` while an execution changes the switch: what it runs then is nobody's state, and its config sessions are taken. */
async function requireIdle(app: App, device: string): Promise<void> {
  const lease = await app.leases.leaseOf(device)
  if (lease === undefined || !isLiveAt(lease, new Date(app.clock.now()).toISOString())) return
  const { execution } = lease
  throw new EosflowError('busy', `execution ${execution} changes ${device} at this moment`, {
    device,
    ...hinted(app, { code: 'watch', execution }),
  })
}

/** A judged section as it is shown. */
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

/** Who has excused what, until when. */
export function shownExcuse({ owner, until, because }: Excuse): Excuse {
  return { owner, until, because }
}
