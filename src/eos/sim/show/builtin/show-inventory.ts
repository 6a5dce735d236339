import type { JsonObject } from '../../../../model/json.ts'
import { hasCages, transceiverType } from '../../converge/platform.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** `show inventory` (revision 2, ANTA). What hardware is made of is a constant here; a virtual switch is made of nothing. */
export const showInventory = defineShow({
  words: 'show inventory',
  docs: 'Supplies, fans and transceivers; anta (revision 2), ntc show_inventory (text).',
  json: (context) => ({
    systemInformation: {
      name: context.facts.model,
      description: context.facts.model,
      serialNum: context.facts.serial,
      hardwareRev: hasCages(context.facts.model) ? '11.00' : '',
      mfgDate: '',
      hwEpoch: '',
    },
    powerSupplySlots: slots(context, ['1', '2'], (slot) => ({
      name: 'PWR-500AC-F',
      serialNum: `${context.facts.serial}P${slot}`,
    })),
    fanTraySlots: slots(context, ['1', '2', '3', '4'], () => ({ name: 'FAN-7000-F', serialNum: 'N/A', numFans: 1 })),
    cardSlots: {},
    xcvrSlots: Object.fromEntries(
      cabled(context).map((name) => [name.replace('Ethernet', ''), transceiver(name, context)]),
    ),
    portCount: ports(context).length,
    switchedPortCount: ports(context).length,
    managementPortCount: context.facts.interfaces.filter((name) => name.startsWith('Management')).length,
    emmcFlashDevices: {},
    storageDevices: {},
  }),
  text: (context) => {
    const lines = [
      'System information',
      `    Model                    Description`,
      '    ------------------------ ----------------------------------------------------',
      `    ${context.facts.model.padEnd(24)} ${context.facts.model}`,
      '',
      '    HW Version  Serial Number  Mfg Date   Epoch',
      '    ----------- -------------- ---------- -----',
      `                ${context.facts.serial}`,
      '',
      `System has ${hasCages(context.facts.model) ? 2 : 0} power supply slots`,
      `System has ${hasCages(context.facts.model) ? 4 : 0} fan modules`,
      `System has ${context.facts.interfaces.length} ports`,
      '    Type               Count',
      '    ------------------ ----',
      `    Management         ${context.facts.interfaces.length - ports(context).length}`,
      `    Switched           ${ports(context).length}`,
    ]
    return lines.map((line) => `${line}\n`).join('')
  },
})

function ports({ facts }: ShowContext): readonly string[] {
  return facts.interfaces.filter((name) => name.startsWith('Ethernet'))
}

function cabled(context: ShowContext): readonly string[] {
  if (!hasCages(context.facts.model)) return []
  return ports(context).filter((name) => context.state.interfaces.get(name)?.lineProtocol !== 'notPresent')
}

function slots({ facts }: ShowContext, numbers: readonly string[], json: (slot: string) => JsonObject): JsonObject {
  return hasCages(facts.model) ? Object.fromEntries(numbers.map((slot) => [slot, json(slot)])) : {}
}

function transceiver(name: string, { facts }: ShowContext): JsonObject {
  return {
    mfgName: 'Arista Networks',
    modelName: transceiverType(facts.model, name),
    serialNum: `${facts.serial}X`,
    hardwareRev: '1',
  }
}
