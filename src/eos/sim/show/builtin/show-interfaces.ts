import type { JsonObject } from '../../../../model/json.ts'
import { defineShow } from '../format/define.ts'
import { interfaceJson } from '../format/interface-json.ts'
import { interfaceText } from '../format/interface-text.ts'
import { refuseUnknownInterface, selectedInterfaces } from '../format/selection.ts'

/** `show interfaces`: all of them, those an argument names, or the VXLAN interface written as two words. */
export const showInterfaces = defineShow({
  words: 'show interfaces [<interface>]',
  docs: 'State, addresses and counters; napalm (4.15), suzieq (4.23), ntc (text), lab-validation (4.23, 4.36).',
  refuse: refuseUnknownInterface,
  json: (context, args) => {
    const interfaces: Record<string, JsonObject> = {}
    for (const state of selectedInterfaces(context, args) ?? []) interfaces[state.name] = interfaceJson(state, context)
    return { interfaces }
  },
  text: (context, args) =>
    (selectedInterfaces(context, args) ?? []).map((state) => interfaceText(state, context)).join(''),
})

/** `show interfaces vxlan 1`: the one interface whose number stands apart in what checks send. */
export const showInterfacesVxlan = defineShow({
  words: 'show interfaces vxlan <number>',
  docs: 'The VXLAN interface; suzieq (4.23).',
  refuse: (context, args) => refuseUnknownInterface(context, vxlanName(args.number)),
  json: (context, args) => showInterfaces.json?.(context, vxlanName(args.number)) ?? {},
  text: (context, args) => showInterfaces.text?.(context, vxlanName(args.number)) ?? '',
})

function vxlanName(number: string | undefined): { readonly interface: string } {
  return { interface: `Vxlan${number ?? ''}` }
}
