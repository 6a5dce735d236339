import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Inventory, InventoryDevice } from '../../change/inventory/inventory.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import type { Fleet } from '../../eos/device/device.ts'
import { ofOneSwitch, problemOf } from '../../model/error.ts'
import { noFence } from '../../model/fence.ts'
import { definedMembers } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import { type AllowedAct, requireAllowed, writeAllowed } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { labSwitches } from '../../project/doctor/try-out.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { openFleet, trustRecord } from '../../project/switches/connect/open-fleet.ts'
import { requireSwitchClocks } from '../../project/switches/connect/switch-clocks.ts'
import { systemRandom } from '../../project/system/machine/system-clock.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { requireWritable, saveText } from '../../project/system/process/save-text.ts'
import { noSeams } from '../../project/system/process/seams.ts'
import type { KitResult } from './conformance.ts'
import { KIT, type KitLogin, type Probe } from './kit/contract/probe.ts'
import { type KitConnection, type KitPorts, kitLines, linesOf, rowVerdicts, runKit } from './kit/conversation.ts'
import { PROBES } from './kit/probes/index.ts'
import { type RecordedLine, recordedText } from './kit/recording.ts'

interface ConformanceInput {
  readonly target?: string
  readonly record?: string
  readonly disruptive: boolean
}

/** Runs the conformance kit on lab switches, one after the other, and stops behind the first that is not as it was. Throws InputError for a switch that is not marked `lab: true`, and for a recording that is there already, before anything is contacted. */
export async function tryConformance(
  app: App,
  caller: Caller,
  { target, record, disruptive }: ConformanceInput,
): Promise<readonly KitResult[]> {
  const inventory = app.project.inventory()
  const chosen = labSwitches(inventory, target)
  const names = chosen.map(({ name }) => name)
  const files = record === undefined ? undefined : recordingFiles(app, record, names)
  const allowed = await requireAllowed(app, caller, 'task.push', { devices: names })
  await app.clockRule?.require()
  const probes = PROBES.filter((probe) => disruptive || probe.disruptive !== true)
  caller.tell(`${kitLines(probes)}\n`)
  await requireSwitchClocks(app, caller, names)
  const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller), fence: noFence })
  const password = new Secret(`Kit-${(app.seams?.names ?? systemRandom).hex(12)}`)
  app.scrubber.register(password, 'the password of the user that the kit makes')
  const results: KitResult[] = []
  try {
    for (const device of chosen) {
      const file = files?.get(device.name)
      const result = await triedOn({ app, caller, allowed, inventory, fleet, device, file, password }, probes)
      results.push(result)
      if (result.run !== undefined && result.remains?.length !== 0) break
    }
    return results
  } finally {
    await fleet.close()
  }
}

interface Trial {
  readonly app: App
  readonly caller: Caller
  readonly allowed: AllowedAct
  readonly inventory: Inventory
  readonly fleet: Fleet
  readonly device: InventoryDevice
  readonly file: string | undefined
  readonly password: Secret
}

async function loggedInAs({ app, caller, inventory, device, password }: Trial, who: KitLogin): Promise<KitConnection> {
  const isKit = who === 'user-of-the-kit'
  const fleet = openFleet(app, caller, inventory, [isKit ? { ...device, sendEnable: false } : device], {
    record: trustRecord(app, caller),
    fence: noFence,
    as: ({ username }) => (isKit ? { username: KIT, password } : { username, password: new Secret(`${KIT}-wrong`) }),
  })
  const connection = await fleet.device(device.name)
  return { exchange: connection.exchange.bind(connection), close: () => fleet.close() }
}

async function triedOn(trial: Trial, probes: readonly Probe[]): Promise<KitResult> {
  const { device, file } = trial
  try {
    const { eos, model, stopped, remains, probes: results } = await runKit(portsOf(trial), probes)
    return {
      device: device.name,
      run: { eos, model, ...definedMembers({ stopped }) },
      rows: rowVerdicts(PROBES, results),
      ...definedMembers({ remains, recording: file }),
    }
  } catch (error) {
    return { device: device.name, failure: ofOneSwitch(error).message }
  }
}

function portsOf(trial: Trial): KitPorts {
  const { app, caller, fleet, inventory, device, file, password } = trial
  const { name, transport } = device
  const hasPassword = inventory.credentials[device.credentials]?.password !== undefined
  const written: RecordedLine[] = []
  const put = async (event: EventBody) => {
    await app.journalAs(caller.principal).append(undefined, [event])
  }
  const save = () => {
    if (file !== undefined && written.length > 0) saveText(app, file, written.map(recordedText).join(''))
  }
  return {
    name,
    over: transport,
    device: () => fleet.device(name),
    renew: () => fleet.renew(name),
    beside: async () => (await fleet.logInAnew(name)).device,
    ...(hasPassword ? { login: (who: KitLogin) => loggedInAs(trial, who) } : {}),
    password: password.reveal(),
    clock: (app.seams ?? noSeams).clock,
    record: (line) => {
      written.push(line)
      if (line.kind === 'end') save()
    },
    scrub: (text) => app.scrubber.scrub(text),
    begins: async (probe) => {
      caller.tell(`${name}: ${probe.id}, ${probe.title}\n`)
      await writeAllowed(app, caller, trial.allowed, () => [
        {
          type: 'ProbeBegun',
          device: name,
          probe: probe.id,
          lines: linesOf(probe).map((line) => redact(line)),
        },
      ])
    },
    ended: async (probe, remains) => {
      const outcome = remains === undefined ? 'unknown' : remains.length === 0 ? 'clean' : 'left'
      const left = outcome === 'left' ? { remains: [...(remains ?? [])] } : {}
      await put({ type: 'ProbeEnded', device: name, probe: probe.id, outcome, ...left })
      save()
    },
    stops: () => caller.stop.aborted,
  }
}

function recordingFiles(app: RecordApp, folder: string, names: readonly string[]): ReadonlyMap<string, string> {
  const files = new Map(names.map((name) => [name, join(folder, `${name}.jsonl`)]))
  const there = [...files.values()].filter((file) => existsSync(resolve(app.cwd, file)))
  const problems = there.map((file) =>
    problemOf(file, 'exists', 'there is a recording already', 'Name another folder.'),
  )
  if (problems.length > 0) throw new InputError(problems)
  mkdirSync(resolve(app.cwd, folder), { recursive: true, mode: 0o700 })
  for (const file of files.values()) requireWritable(app, file)
  return files
}
