import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import type { Look } from '../../eos/device/device.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { App } from '../../project/app/app.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { allowedSwitches, readAllThatAnswer } from '../../project/switches/connect/open-fleet.ts'
import type { InventoryFinding, ReadFacts, SwitchFacts } from '../../report/facts/formats.ts'
import { shownValue } from '../../report/inventory/shown-value.ts'

/** What is asked for the facts of a switch, behind what every look asks. */
export const FACT_COMMANDS = [
  'show hostname',
  'show boot-config',
  'show mlag',
  'show inventory',
  'show system environment power',
] as const

type FactCommand = (typeof FACT_COMMANDS)[number]

/** What a platform does not have, or does not let a user ask, is absent. Shapes as recorded: pyntc (`show boot-config`), anta (`show mlag`, `show inventory`, `show system environment power`). */
export function factsOf({ identity, uptime, replies }: Pick<Look, 'identity' | 'uptime' | 'replies'>): SwitchFacts {
  const member = (command: FactCommand, ...path: readonly string[]) => {
    const reply = replies[FACT_COMMANDS.indexOf(command)]
    return reply?.ok === true ? within(reply.json, path) : undefined
  }
  const supplies = members(member('show system environment power', 'powerSupplies'))
  const transceivers = members(member('show inventory', 'xcvrSlots'))
  return {
    model: identity.model,
    serial: identity.serial,
    mac: identity.systemMac,
    eos: identity.eos,
    uptime,
    ...given('hostname', textOf(member('show hostname', 'hostname'))),
    ...given('image', textOf(member('show boot-config', 'softwareImage'))),
    ...given('mlag', textOf(member('show mlag', 'state'))),
    ...given('mlagDomain', textOf(member('show mlag', 'domainId'))),
    ...(supplies === undefined
      ? {}
      : {
          powerSupplies: { ok: supplies.filter((one) => within(one, ['state']) === 'ok').length, of: supplies.length },
        }),
    ...(transceivers === undefined
      ? {}
      : { transceivers: transceivers.filter((one) => textOf(within(one, ['modelName'])) !== undefined).length }),
  }
}

function within(model: Json | undefined, path: readonly string[]) {
  return path.reduce<Json | undefined>(
    (value, key) => (isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    model,
  )
}

function members(value: Json | undefined) {
  return isJsonObject(value) ? Object.values(value) : undefined
}

function textOf(value: Json | undefined) {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function given<K extends string>(name: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: string })
}

export async function readFacts(app: App, caller: Caller, target: string | undefined): Promise<readonly ReadFacts[]> {
  const { chosen } = await allowedSwitches(app, caller, 'task.snapshot', target)
  const commands = FACT_COMMANDS.map((cmd) => ({ cmd }))
  const read = await readAllThatAnswer(app, caller, chosen, async (device) => factsOf(await device.look(commands)))
  return read.map((one): ReadFacts => ('failure' in one ? one : { name: one.name, facts: one.value }))
}

interface TruthPaths {
  readonly serial: string
  readonly model: string
}

/** A model is the same with and without the letter of its airflow behind it (`DCS-7280SR3-48YC8-F`). */
export function checkInventory(
  devices: readonly InventoryDevice[],
  read: readonly ReadFacts[],
  paths: TruthPaths,
): readonly InventoryFinding[] {
  return read.map((one): InventoryFinding => {
    if ('failure' in one) return { name: one.name, state: 'unread', failure: one.failure }
    const device = devices.find(({ name }) => name === one.name)
    const [serial, model] = [truthOf(device, paths.serial), truthOf(device, paths.model)]
    if (serial === undefined && model === undefined) return { name: one.name, state: 'unsaid' }
    const differences = [
      ...(serial === undefined || serial === one.facts.serial
        ? []
        : [{ what: 'serial' as const, says: serial, is: one.facts.serial }]),
      ...(model === undefined || isModel(model, one.facts.model)
        ? []
        : [{ what: 'model' as const, says: model, is: one.facts.model }]),
    ]
    return { name: one.name, state: differences.length === 0 ? 'same' : 'differs', differences }
  })
}

function isModel(says: string, is: string) {
  const [one, other] = [says, is].map((model) =>
    model
      .trim()
      .toUpperCase()
      .replace(/-[FR]$/, ''),
  )
  return one === other
}

function truthOf(device: InventoryDevice | undefined, path: string) {
  const [name = '', ...rest] = path.split('.')
  const shown = device === undefined ? undefined : shownValue(name, () => device.vars.get(name))
  if (shown === undefined || !('value' in shown)) return undefined
  const value = rest.reduce<Json | undefined>(
    (found, key) => (isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined),
    shown.value,
  )
  return typeof value === 'string' && value !== '' ? value : undefined
}
