import type { JsonObject } from '../../../../model/json.ts'
import type { MlagInconsistency, MlagState } from '../../converge/network-state.ts'
import { defineShow } from '../format/define.ts'
import { columns } from '../format/text-format.ts'

const WIDTHS = [20, 25, 18, 18] as const

/** `show mlag config-sanity`: empty maps when the pair agrees are recorded; the shape of a difference is what ANTA reads. */
export const showMlagConfigSanity = defineShow({
  words: 'show mlag config-sanity',
  docs: 'Where the two switches of the pair are configured differently; anta.',
  json: ({ state: { mlag } }) => ({
    globalConfiguration: globalJson(of(mlag, 'global')),
    interfaceConfiguration: interfaceJson(mlag, of(mlag, 'interface')),
    mlagActive: mlag.state === 'active',
    mlagConnected: mlag.negotiation === 'connected',
  }),
  text: ({ state: { mlag } }) => {
    if (mlag.state !== 'active') return 'Command not applicable for inactive MLAG state.\n'
    const global = section('global', of(mlag, 'global'))
    return `${global}\n${section('per interface', of(mlag, 'interface'))}`
  },
})

function of({ inconsistencies }: MlagState, scope: MlagInconsistency['scope']): readonly MlagInconsistency[] {
  return inconsistencies.filter((found) => found.scope === scope)
}

function globalJson(found: readonly MlagInconsistency[]): JsonObject {
  const features = new Map<string, Record<string, JsonObject>>()
  for (const { subject, attribute, local, peer } of found) {
    const parameters = features.get(subject) ?? {}
    parameters[attribute] = { localValue: local, peerValue: peer }
    features.set(subject, parameters)
  }
  return Object.fromEntries([...features].map(([feature, globalParameters]) => [feature, { globalParameters }]))
}

function interfaceJson({ interfaces }: MlagState, found: readonly MlagInconsistency[]): JsonObject {
  return Object.fromEntries(
    found.map(({ subject, attribute, local, peer }) => {
      const name = interfaces.find((port) => String(port.id) === subject)?.localInterface ?? ''
      return [`${attribute} mlag${subject}`, { interface: { [name]: { localValue: local, peerValue: peer } } }]
    }),
  )
}

function section(name: string, found: readonly MlagInconsistency[]): string {
  if (found.length === 0) return `No ${name} configuration inconsistencies found.\n`
  const rows = found.map(({ scope, subject, attribute, local, peer }) => [
    scope === 'global' ? subject : `mlag ${subject}`,
    attribute,
    local,
    peer,
  ])
  const table = [['Feature', 'Attribute', 'Local value', 'Peer value'], ...rows].map((cells) => columns(cells, WIDTHS))
  return [`${name} configuration inconsistencies:`, ...table, ''].map((line) => `${line}\n`).join('')
}
