import { type DumpNode, type DumpOptions, dumpedYaml } from '../../yaml-1-1/dump.ts'
import { type Args, countIn, type Filters, filter, isTrue, orderOf } from '../call/arguments.ts'
import { floatText } from '../call/print.ts'
import { parsedYaml } from '../object/arithmetic.ts'
import { wholeText } from '../syntax/number.ts'
import {
  type Budget,
  Dict,
  ItemGroup,
  refused,
  sequenceOf,
  TemplateFault,
  Tuple,
  tooLarge,
  typeOf,
  Undefined,
  type Value,
  wrong,
} from '../value/value.ts'

// What both writing filters take by name; the values behind their own that have no name are ignored, as in Ansible.
const OPTIONS = 'indent? width? sort_keys? explicit_start? explicit_end? default_style?'

/** Filters that write and read YAML, as Ansible does it with PyYAML 6.0 and libyaml 0.2.5. */
export const YAML_FILTERS: Filters = {
  to_yaml: filter(`*ignored ${OPTIONS} default_flow_style?`, (value, [, ...args], budget) =>
    written(value, args, args.at(-1), budget),
  ),
  to_nice_yaml: filter(`${OPTIONS.replace(' ', ' *ignored ')}`, (value, [indent = 4n, , ...args], budget) =>
    written(value, [indent, ...args], false, budget),
  ),
  from_yaml: filter('', (value, _, budget) => (typeof value === 'string' ? parsedYaml(value, budget) : value)),
}

function written(value: Value, args: Args, flow: Value | undefined, budget: Budget) {
  const [indent, width, sortsKeys = true, start = false, end = false, style] = args
  const given = style === undefined || style === null || style === '' ? 'plain' : style
  const known = STYLES.find((one) => one === given)
  if (known === undefined) throw wrong('there is no such `default_style`', `there are ${STYLES.slice(1).join(' ')}`)
  const options: DumpOptions = {
    indent: numberIn(indent, 'the indent') ?? 2,
    width: numberIn(width, 'the width') ?? 80,
    style: known,
    hasStart: isTrue(start),
    hasEnd: isTrue(end),
  }
  const hasFlow = flow === undefined || flow === null ? undefined : isTrue(flow)
  const node = nodeOf(value, budget, { hasFlow, sortsKeys: isTrue(sortsKeys), isPlain: known === 'plain' })
  return budget.text(dumpedYaml(node, options))
}

const STYLES = ['plain', "'", '"', '|', '>'] as const
const LARGEST = 2_147_483_647

function numberIn(value: Value | undefined, what: string) {
  if (value === undefined || value === null) return undefined
  const number = countIn(value, what)
  if (Math.abs(number) > LARGEST) throw wrong(`${what} is too large`)
  return number
}

interface Style {
  // Whether all lists and mappings are in brackets; undefined for those that hold scalars alone.
  readonly hasFlow: boolean | undefined
  readonly sortsKeys: boolean
  readonly isPlain: boolean
}

const DEPTH = 200
const HALF_PAIR = /\p{Surrogate}/u

function nodeOf(given: Value, budget: Budget, style: Style): DumpNode {
  const seen = new Set<object | string>()

  function node(value: Value, depth = 0): DumpNode {
    budget.spend(4)
    if (depth > DEPTH) throw tooLarge()
    if (typeof value === 'string') return textNode(value)
    if (value instanceof Undefined) throw value.fault()
    if (value === null || typeof value !== 'object') return bareNode(value)
    const items = value instanceof ItemGroup ? undefined : sequenceOf(value)
    if (items !== undefined) return listNode(value, items, depth)
    if (value instanceof Dict) return mappingNode(value, depth)
    throw wrong(`a ${typeOf(value)} cannot be written as YAML`, 'make a list or a text of it: `|list`, `|string`')
  }

  function textNode(text: string): DumpNode {
    // Each character is looked at several times.
    budget.spend(text.length >> 2)
    if (HALF_PAIR.test(text)) throw wrong('half a character cannot be written as YAML')
    return scalar(text, 'str')
  }

  function listNode(value: Value & object, items: readonly Value[], depth: number): DumpNode {
    const isTuple = value instanceof Tuple
    if (!isTuple) once(value)
    const made = items.map((item) => node(item, depth + 1))
    const listed: DumpNode = { kind: 'list', items: made, isFlow: style.hasFlow ?? made.every(isBare) }
    // Python may make one tuple of two that are written alike.
    if (isTuple && items.length > 0) once(JSON.stringify(listed))
    return listed
  }

  function mappingNode(dict: Dict, depth: number): DumpNode {
    once(dict)
    const pairs = ordered(dict).map(([key, item]) => [node(key, depth + 1), node(item, depth + 1)] as const)
    return { kind: 'mapping', pairs, isFlow: style.hasFlow ?? pairs.every((pair) => pair.every(isBare)) }
  }

  const isBare = ({ kind }: DumpNode) => kind === 'scalar' && style.isPlain

  function ordered(dict: Dict) {
    const entries = dict.entries()
    if (!style.sortsKeys) return entries
    try {
      return entries.toSorted(([a], [b]) => orderOf(a, b, budget))
    } catch (thrown) {
      if (thrown instanceof TemplateFault && thrown.code === 'template-error') return entries
      throw thrown
    }
  }

  function once(value: object | string) {
    if (seen.has(value))
      throw refused(
        'the same list or mapping is in the value twice: Ansible writes it once, as `&id001`, and `*id001` after',
        'make a new one for each place: `x + []`, `x|combine({})`',
      )
    seen.add(value)
  }

  return node(given)
}

function bareNode(value: null | boolean | bigint | number): DumpNode {
  if (value === null) return scalar('null', 'null')
  if (typeof value === 'boolean') return scalar(value ? 'true' : 'false', 'bool')
  return typeof value === 'bigint' ? scalar(wholeText(value), 'int') : scalar(floatYaml(value), 'float')
}

function scalar(text: string, type: 'str' | 'int' | 'float' | 'bool' | 'null'): DumpNode {
  return { kind: 'scalar', text, type }
}

function floatYaml(value: number) {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  const text = floatText(value)
  return text.includes('.') ? text : text.replace('e', '.0e')
}
