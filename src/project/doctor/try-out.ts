import { actLog } from '../../change/engine/act-log.ts'
import type { Inventory, InventoryDevice } from '../../change/inventory/inventory.ts'
import { seenFabric } from '../../change/inventory/seen-device.ts'
import { selectDevices } from '../../change/inventory/selector.ts'
import { judgedChange } from '../../change/plan/judged-change.ts'
import { sightIn } from '../../change/plan/readings.ts'
import { renderedChange } from '../../change/plan/rendered.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import { actOnce } from '../../change/task/act/act.ts'
import { sameBehindCommit } from '../../change/task/act/config-changes.ts'
import { builtinTasks } from '../../change/task/builtin/index.ts'
import { compileWorkflow } from '../../change/workflow/compile.ts'
import { knownChecks } from '../../eos/check/builtin/known-checks.ts'
import { commandsOfLines } from '../../eos/config/commands.ts'
import { type FormLine, formsIn } from '../../eos/config/guard/typed-blocks.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import {
  type Device,
  type Fleet,
  freePlaces,
  isOpen,
  openSessions,
  type SessionTable,
  savedState,
} from '../../eos/device/device.ts'
import { isOwnerGone, OWNER_PLACES, ownerProof } from '../../eos/device/owner-proof.ts'
import type { Act, ActDetail } from '../../model/act.ts'
import { EosflowError, ofOneSwitch } from '../../model/error.ts'
import { noFence } from '../../model/fence.ts'
import type { LabSwitchResult, Proof, ProofResult, Trial } from '../../report/doctor/proof.ts'
import { requireAllowed, writeAllowed } from '../access/policy/authority.ts'
import type { App } from '../app/app.ts'
import { workflowsIn } from '../files/files-of-project.ts'
import type { Project } from '../files/project.ts'
import type { Caller } from '../identity/caller-of.ts'
import { withFleet } from '../switches/connect/open-fleet.ts'
import { requireSwitchClocks } from '../switches/connect/switch-clocks.ts'
import { chosenDevices } from '../switches/inventory/tell-warnings.ts'
import { workflowKeys } from '../system/feature/feature.ts'
import { systemRandom } from '../system/machine/system-clock.ts'
import { inputError } from '../system/process/input-error.ts'

type Send = <T>(kind: Act, detail: ActDetail, verb: (device: Device) => Promise<T>) => Promise<T>

// Why owner sessions are not heeded by a lab switch; undefined where they are: an empty config session stays, also while another one is committed under
// a timer and aborted, and while a checkpoint is restored; a request that shows it is carried out, and one that shows a session that was
// aborted, or never was, does nothing.
async function whyNoOwner(send: Send, device: Device, checkpoint: string): Promise<string | undefined> {
  const [own, never] = [`${checkpoint}-own1`, `${checkpoint}-own2`]
  const [beside, late] = [`${checkpoint}-4`, `${checkpoint}-5`]
  await send('hold', { session: own }, (one) => one.hold(own))
  await send('stage', { session: beside, checkpoint }, (one) =>
    one.heldBy(own).stage({ session: beside, mode: 'merge', commands: [], checkpoint }),
  )
  await send('arm', { session: beside, seconds: TIMER, held: own }, (one) => one.heldBy(own).arm(beside, TIMER))
  await send('abort', { session: beside }, (one) => one.abort(beside))
  await send('restore', { session: beside, checkpoint, held: own }, (one) => one.heldBy(own).restore(checkpoint))
  const [shown] = await device.print([ownerProof(own)])
  if (shown?.ok !== true) return 'an empty config session does not stay beside a commit that is aborted'
  await send('release', { session: own }, (one) => one.abort(own))
  for (const session of [own, never]) {
    const stage = send('stage', { session: late, held: session }, (one) =>
      one.heldBy(session).stage({ session: late, mode: 'merge', commands: [], checkpoint }),
    )
    const error = await stage.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (error !== undefined && !isOwnerGone(error, session)) throw error
    const { sessions } = await device.look([])
    if (error === undefined || sessions.sessions[late] !== undefined)
      return 'a request that shows a config session which is gone is carried out all the same'
  }
  return undefined
}

interface TrialPorts {
  readonly fleet: Fleet
  readonly record: (event: EventBody) => Promise<void>
  readonly id: string
  readonly forms: () => readonly FormLine[]
}

const TIMER = 120

// Tries on a lab switch what a change relies on: that a checkpoint can be replayed and restored, that a commit goes through under `configure lock`, which ends with the request that took it, and that it takes the lines of the workflows. Nothing is changed; the switch is read before and after.
async function tryOut(ports: TrialPorts, name: string, proofs: readonly Proof[]): Promise<Trial> {
  const device = await ports.fleet.device(name)
  const { eos, running } = await requireIdle(device, proofs.includes('owner') ? OWNER_PLACES : 1)
  const checkpoint = `eosflow-${ports.id}`
  const send = sender(ports, name)
  const proven: ProofResult[] = []
  try {
    const session = `${checkpoint}-1`
    await send('stage', { session, checkpoint }, (one) =>
      one.stage({ session, mode: 'merge', commands: [], checkpoint }),
    )
    for (const [proof, tried] of ATTEMPTS) {
      if (!proofs.includes(proof)) continue
      const result = tried(ports, name, { checkpoint, running })
      proven.push({ proof, ...(await result.catch((error: unknown) => refuted(ofOneSwitch(error).message))) })
    }
  } finally {
    await tidy(ports, name, checkpoint)
  }
  return { eos, proven, left: await difference(ports, name, running) }
}

function sender({ fleet, record }: TrialPorts, name: string): Send {
  const log = actLog(record)
  return async (kind, detail, verb) => {
    const done = await actOnce({ fleet, log }, name, kind, detail, verb)
    if (done.outcome === 'done') return done.result
    throw new EosflowError('lost-answer', `${name}: the answer to \`${kind}\` was lost`, { device: name })
  }
}

async function requireIdle(device: Device, places: number) {
  const look = await device.look([])
  const open = openSessions(look.sessions)
  const config = await device.readConfig()
  const because =
    open.length > 0
      ? `config sessions are open: ${open.join(', ')}`
      : savedState(config) !== 'saved'
        ? 'running-config is not saved'
        : tooFew(look.sessions, places)
  if (because === undefined) return { eos: look.identity.eos, running: config.running }
  throw new EosflowError('guard', `${device.name}: nothing is tried on it: ${because}`, {
    device: device.name,
    hint:
      look.sessions.armed === undefined
        ? 'Abort the sessions and save the configuration, then try again.'
        : 'Do not save. Wait until the commit timer has ended, then try again.',
  })
}

// That a switch takes fewer config sessions than are needed; that says nothing of its EOS version.
function tooFew(sessions: SessionTable, places: number) {
  if (freePlaces(sessions) >= places) return undefined
  return `it takes ${sessions.maxOpenSessions} pending config sessions, and a change under an owner session needs ${places} (service configuration session max pending)`
}

interface Before {
  readonly checkpoint: string
  readonly running: string
}

type Attempt = (ports: TrialPorts, name: string, before: Before) => Promise<Omit<ProofResult, 'proof'>>

const tryReplay: Attempt = async (ports, name, { checkpoint, running }) => {
  const send = sender(ports, name)
  const session = `${checkpoint}-2`
  const replay = await send('replay', { session, checkpoint }, (device) => device.replay(session, checkpoint))
  if (replay.replays === 'no') return refuted(`it cannot load its own configuration: ${replay.lines[0]}`)
  if (replay.replays === 'unknown') return refuted(`it does not know the command: ${replay.reason}`)
  await send('restore', { session, checkpoint }, (device) => device.restore(checkpoint))
  const now = await (await ports.fleet.device(name)).readConfig()
  if (!sameBehindCommit(running, now.running)) return refuted('a restored checkpoint is another configuration')
  return holds('a checkpoint loads without a difference, and a restore leaves running-config as it was')
}

const tryLock: Attempt = async (ports, name, { checkpoint, running }) => {
  const send = sender(ports, name)
  const [committed, after] = [`${checkpoint}-1`, `${checkpoint}-3`]
  try {
    await send('arm', { session: committed, seconds: TIMER, locked: true }, (device) =>
      device.arm(committed, TIMER, 'lock'),
    )
    await send('abort', { session: committed }, (device) => device.abort(committed))
    const taken = await (await ports.fleet.device(name)).print(['configure lock'])
    if (taken[0]?.ok !== true) return refuted(`it does not give the lock: ${taken[0]?.error ?? 'no answer'}`)
    // The request, or the shell, that took it is over now.
    await ports.fleet.renew(name)
    await send('stage', { session: after }, (device) => device.stage({ session: after, mode: 'merge', commands: [] }))
    const now = await (await ports.fleet.device(name)).readConfig()
    if (!sameBehindCommit(running, now.running)) return refuted('an empty commit under the lock changed running-config')
    return holds('a timed commit goes through under it, and it ends with the request that took it')
  } catch (error) {
    await (await ports.fleet.device(name)).print(['configure unlock']).catch(() => undefined)
    throw error
  }
}

const trySyntax: Attempt = async (ports, name, { checkpoint }) => {
  const forms = ports.forms()
  const refused = await refusedForms(sender(ports, name), checkpoint, forms)
  if (refused.length === 0) return holds(`it takes the ${forms.length} forms that the workflows render`)
  const list = refused.map(({ line, says }) => `${line}: ${says}`).join('; ')
  return refuted(`it refuses ${refused.length} of ${forms.length} forms that the workflows render: ${list}`)
}

const tryOwner: Attempt = async (ports, name, { checkpoint }) => {
  const device = await ports.fleet.device(name)
  const because = await whyNoOwner(sender(ports, name), device, checkpoint)
  if (because !== undefined) return refuted(because)
  return holds('an empty config session stays, and a request that shows one that is gone does nothing')
}

const ATTEMPTS: readonly (readonly [Proof, Attempt])[] = [
  ['replay', tryReplay],
  ['owner', tryOwner],
  ['syntax', trySyntax],
  ['lock', tryLock],
]

async function tidy(ports: TrialPorts, name: string, checkpoint: string) {
  const send = sender(ports, name)
  const look = await (await ports.fleet.device(name)).look([])
  for (const [session, state] of Object.entries(look.sessions.sessions)) {
    if (!session.startsWith(`${checkpoint}-`) || !isOpen(state)) continue
    await send('abort', { session }, (device) => device.abort(session)).catch(ofOneSwitch)
  }
  const detail = { session: `${checkpoint}-1`, checkpoints: [checkpoint] }
  await send('prune', detail, (device) => device.removeCheckpoints([checkpoint])).catch(ofOneSwitch)
}

async function difference(ports: TrialPorts, name: string, running: string) {
  const device = await ports.fleet.renew(name)
  const [look, now] = [await device.look([]), await device.readConfig()]
  const open = openSessions(look.sessions)
  if (open.length > 0) return `config sessions are open: ${open.join(', ')}`
  if (!sameBehindCommit(running, now.running)) return 'running-config is not the one before'
  return savedState(now) === 'saved' ? undefined : 'startup-config differs from running-config'
}

const holds = (says: string) => ({ holds: true, says })
const refuted = (says: string) => ({ holds: false, says })

interface RefusedForm {
  readonly line: string
  readonly says: string
}

async function refusedForms(
  send: Send,
  checkpoint: string,
  forms: readonly FormLine[],
): Promise<readonly RefusedForm[]> {
  const [together] = await typed(send, `${checkpoint}-6`, forms)
  if (together === undefined) return []
  const refused: RefusedForm[] = []
  for (const form of forms) refused.push(...(await typed(send, `${checkpoint}-7`, [form])))
  return refused
}

async function typed(send: Send, session: string, forms: readonly FormLine[]): Promise<readonly RefusedForm[]> {
  const commands = commandsOfLines(forms.flatMap(({ lines }) => lines))
  try {
    await send('stage', { session }, (device) => device.stage({ session, mode: 'merge', commands }))
    return []
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'refused') throw error
    const line =
      forms
        .at(-1)
        ?.lines.map((one) => redact(one.trim()))
        .join(' > ') ?? ''
    return [{ line, says: error.message }]
  }
}

/** The switches on which things may be tried: those that are selected, or all that are marked `lab: true`. Throws InputError for one that is not marked, or where there is none. */
export function labSwitches(inventory: Inventory, target: string | undefined): readonly InventoryDevice[] {
  const marked = inventory.devices.filter(({ lab }) => lab === true)
  const chosen = target === undefined ? marked : chosenDevices(inventory, target)
  const others = chosen.filter(({ lab }) => lab !== true)
  if (chosen.length > 0 && others.length === 0) return chosen
  const which = others.map(({ name }) => `\`${name}\``).join(', ')
  throw inputError(
    inventory.file,
    'not-a-lab',
    others.length === 0 ? 'no switch is marked `lab: true`' : `not marked \`lab: true\`: ${which}`,
    'things are tried only on switches that nobody needs; mark one of them in the inventory',
  )
}

/**
 * Tries on lab switches what `proven:` in the settings says of their EOS version, and whether they take the lines of the workflows, one switch after the other. Throws InputError for a
 * switch that is not marked `lab: true`, before anything is contacted.
 */
export async function proveSwitches(
  app: App,
  caller: Caller,
  proofs: readonly Proof[],
  target: string | undefined,
): Promise<readonly LabSwitchResult[]> {
  const inventory = app.project.inventory()
  const chosen = labSwitches(inventory, target)
  const names = chosen.map(({ name }) => name)
  const allowed = await requireAllowed(app, caller, 'task.push', { devices: names })
  await app.clockRule?.require()
  await requireSwitchClocks(app, caller, names)
  const record = async (event: EventBody) => {
    await writeAllowed(app, caller, allowed, () => [event])
  }
  const forms = () => renderedForms(app.project)
  return withFleet(app, caller, chosen, { fence: noFence }, async (fleet) => {
    const tried: LabSwitchResult[] = []
    for (const name of names) {
      const id = (app.seams?.random ?? systemRandom).hex(4)
      tried.push(await triedOn(name, () => tryOut({ fleet, record, id, forms }, name, proofs)))
    }
    return tried
  })
}

async function triedOn(device: string, work: () => Promise<Trial>): Promise<LabSwitchResult> {
  try {
    return { device, trial: await work() }
  } catch (error) {
    return { device, failure: ofOneSwitch(error).message }
  }
}

function renderedForms(project: Project) {
  const { files, policyPresent } = project
  const inventory = project.inventory()
  const sightOf = sightIn(inventory, seenFabric(inventory))
  const lines = workflowsIn(project.dir).flatMap((path) => {
    const compiled = compileWorkflow(files(path) ?? '', path, {
      files,
      checks: knownChecks,
      tasks: builtinTasks,
      policyPresent,
      keys: workflowKeys(project.features),
      settings: project.settings,
    })
    if (!compiled.ok) return []
    const { targets, change, allow } = compiled.value
    const selected = selectDevices(targets.expression, inventory, targets.at)
    if (!selected.ok) return []
    const { rendered } = judgedChange(compiled.value, {}, selected.value.map(sightOf), files)
    return rendered.flatMap(({ lines }) => {
      const sent = renderedChange({ mode: change.mode, lines, file: path }, allow)
      return sent.ok && sent.value.unsettled === undefined ? formsIn(sent.value.lines, change.mode) : []
    })
  })
  return [...new Map(lines.map((one) => [one.form, one])).values()]
}
