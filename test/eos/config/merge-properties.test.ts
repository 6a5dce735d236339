import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalizeConfig } from '../../../src/eos/config/device-form.ts'
import { mergeConfig } from '../../../src/eos/config/merge.ts'
import type { EditorOptions } from '../../../src/eos/config/rules/editor.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigTree } from '../../../src/eos/config/text/tree.ts'
import { parseVlans } from '../../../src/model/vlan-list.ts'
import { linesOf } from '../../table.ts'
import { commandsIn, eosText } from './texts.ts'

const vlanSet = fc.uniqueArray(fc.integer({ min: 1, max: 4094 }), { minLength: 1, maxLength: 30 })
const members = (list: string | undefined) => new Set(list === 'none' ? [] : parseVlans(list ?? ''))

const interfaceSettings = linesOf(`
  description a b
  mtu 9000
  no switchport
  switchport trunk group MLAG
  ip address 10.0.0.1/31
  ip address 10.0.0.3/31 secondary
  ip helper-address 10.9.9.9
  vrf BLUE
  spanning-tree portfast
`)
const bgpSettings = linesOf(`
  router-id 10.0.0.1
  neighbor 10.0.0.2 remote-as 65002
  neighbor 10.0.0.2 route-map R in
  neighbor 10.0.0.2 route-map R out
  network 10.0.0.0/8
  redistribute connected
`)
const rootSettings = linesOf(`
  hostname a
  ip route 10.0.0.0/8 10.1.1.1
  ntp server 10.2.2.2
  vlan 7
  logging host 10.3.3.3
`)

/** A command and the mode it is typed in. */
const setting = fc.oneof(
  fc.tuple(
    fc.constantFrom('interface Ethernet1', 'interface Vlan5', 'interface Po3'),
    fc.constantFrom(...interfaceSettings),
  ),
  fc.tuple(fc.constant('router bgp 65001'), fc.constantFrom(...bgpSettings)),
  fc.tuple(fc.constant(''), fc.constantFrom(...rootSettings)),
)
const typed = ([mode, line]: readonly [string, string]) => (mode === '' ? [line] : [mode, line])
const merge = (tree: ConfigTree, settings: readonly (readonly [string, string])[], options: EditorOptions = {}) =>
  mergeConfig(
    tree,
    settings.flatMap((one) => [...typed(one), 'end']),
    options,
  )

const VLANS = 'switchport trunk allowed vlan '
const trunkWith = (tree: ConfigTree, value: string) => merge(tree, [['interface Ethernet1', `${VLANS}${value}`]])
const allowedIn = (tree: ConfigTree) => members(new RegExp(`${VLANS}(.*)`).exec(renderConfig(tree))?.[1])

describe('properties of merging', () => {
  test('VLAN lists are sets', () => {
    fc.assert(
      fc.property(vlanSet, vlanSet, (first, second) => {
        const trunk = trunkWith(parseConfig(''), first.join(','))
        expect(allowedIn(trunkWith(trunk, `add ${second.join(',')}`))).toEqual(
          new Set([...first, ...second].sort(byNumber)),
        )
        expect(allowedIn(trunkWith(trunk, `remove ${second.join(',')}`))).toEqual(
          new Set(first.filter((vlan) => !second.includes(vlan)).sort(byNumber)),
        )
      }),
    )
  })

  test('what was merged is there, whatever was there, and merging it again changes nothing', () => {
    fc.assert(
      fc.property(eosText, fc.array(setting, { maxLength: 8 }), (text, settings) => {
        const once = merge(parseConfig(text), settings)
        expect(merge(once, settings)).toBe(once)
        const read = parseConfig(renderConfig(once))
        expect(merge(read, settings)).toBe(read)
      }),
    )
  })

  test('a new setting and its `no` give the text back', () => {
    fc.assert(
      fc.property(setting, ([mode, line]) => {
        const base = parseConfig(
          'interface Ethernet1\n!\ninterface Vlan5\n!\ninterface Port-Channel3\n!\nrouter bgp 65001\n',
        )
        if (line === 'no switchport' || line === 'ip address 10.0.0.1/31') return
        const set = merge(base, [[mode, line]], { asTyped: true })
        expect(commandsIn(set)).toHaveLength(commandsIn(base).length + 1)
        expect(renderConfig(merge(set, [[mode, `no ${line}`]], { asTyped: true }))).toBe(renderConfig(base))
      }),
    )
  })

  test('settings that do not touch each other may come in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(setting, { selector: typed, comparator: sameLines, maxLength: 8 }), (settings) => {
        const one = commandsIn(merge({ children: [], tail: [] }, settings)).sort()
        expect(commandsIn(merge({ children: [], tail: [] }, [...settings].reverse())).sort()).toEqual(one)
      }),
    )
  })

  test('a normalised text is normal', { tags: 'long' }, () => {
    fc.assert(
      fc.property(fc.array(setting, { maxLength: 12 }), (settings) => {
        const once = renderConfig(normalizeConfig(merge({ children: [], tail: [] }, settings)))
        expect(renderConfig(normalizeConfig(parseConfig(once)))).toBe(once)
      }),
    )
  })
})

function byNumber(a: number, b: number) {
  return a - b
}

function sameLines(a: readonly string[], b: readonly string[]) {
  return a.join('\n') === b.join('\n')
}
