import { definedMembers } from '../../../model/json.ts'
import { type ConfigNode, type ConfigTree, foundIn, hasChild } from '../../config/text/tree.ts'

/** The levels of IS-IS. */
export type IsisLevel = 'level-1' | 'level-2'

/** One `router isis` block. */
export interface IsisConfig {
  readonly instance: string
  readonly vrf: string
  /** The six bytes that name the system, as they are in its NET: `0168.0000.0111`. */
  readonly systemId: string
  /** The area: what is before the system in the NET. */
  readonly area: string
  readonly levels: readonly IsisLevel[]
  readonly routerId?: string
  /** `advertise passive-only`: the prefixes of passive interfaces alone are told. */
  readonly passiveOnly: boolean
}

/** The IS-IS processes of a configuration that have a NET and are not shut down. */
export function readIsis(config: ConfigTree): readonly IsisConfig[] {
  return config.children.flatMap((node) => {
    const [, instance, vrf = 'default'] = /^router isis (\S+)(?: vrf (\S+))?$/.exec(node.line) ?? []
    const off = hasChild(node, 'shutdown')
    return instance === undefined || off ? [] : readProcess(instance, vrf, node)
  })
}

function readProcess(instance: string, vrf: string, { children }: ConfigNode): readonly IsisConfig[] {
  const value = (pattern: RegExp) => foundIn(children, pattern)[0]
  const [, area = '', systemId] = /^(.+)\.(\w{4}\.\w{4}\.\w{4})\.00$/.exec(value(/^net (\S+)$/) ?? '') ?? []
  const routerId = value(/^router-id ipv4 (\S+)$/)
  if (systemId === undefined) return []
  const levels = isisLevels(value(/^is-type (\S+)$/))
  const passiveOnly = children.some(({ line }) => line === 'advertise passive-only')
  return [{ instance, vrf, systemId, area, levels, passiveOnly, ...definedMembers({ routerId }) }]
}

/** The levels that a word names: both for `level-1-2` and without one, one for `level-1`, `level-2` and `level-2-only`. */
export function isisLevels(word: string | undefined): readonly IsisLevel[] {
  if (word === 'level-1') return ['level-1']
  return word === 'level-2' || word === 'level-2-only' ? ['level-2'] : ['level-1', 'level-2']
}
