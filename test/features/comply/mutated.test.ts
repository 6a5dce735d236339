import { describe, expect, test } from 'vitest'
import { commandsOf } from '../../../src/eos/config/commands.ts'
import { sectionDifferences } from '../../../src/eos/config/merge.ts'
import { sectionByKind } from '../../../src/eos/config/sections.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode } from '../../../src/eos/config/text/tree.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { shared, wholeConfigs } from '../../eos/config/replace-pairs.ts'
import { asPrinted } from '../../eos/config/texts.ts'
import { type Simulated, simulate } from '../../eos/sim/simulate.ts'
import { everyNth, extent, extentOfLong } from '../../extent.ts'

/** A way to write a configuration otherwise that means the same. */
type Rewriting = (blocks: readonly ConfigNode[], draw: Draw) => readonly ConfigNode[]

interface Draw {
  below(n: number): number
  shuffled<T>(list: readonly T[]): readonly T[]
}

function drawOf(seed: number): Draw {
  const random = new SeededRandom(seed)
  const below = (n: number) => Math.floor(random.fraction() * n)
  return {
    below,
    shuffled: (list) => {
      const left = [...list]
      return list.map(() => left.splice(below(left.length), 1)[0] as (typeof list)[number])
    },
  }
}

/** Entries that carry no number are in the order in which they are written: these stay where they are among themselves. */
const ORDERED =
  /^(?:(?:ip|ipv6|mac) (?:access-list|prefix-list|as-path|community-list|extcommunity-list|large-community-list)|route-map|class-map|policy-map) /

/** Moves what may be anywhere, and leaves in their order those that may not. */
function shuffledButOrdered(nodes: readonly ConfigNode[], isOrdered: (node: ConfigNode) => boolean, draw: Draw) {
  const ordered = nodes.filter(isOrdered)
  const places = draw.shuffled(nodes)
  let next = 0
  return places.map((node) => (isOrdered(node) ? (ordered[next++] ?? node) : node))
}

/** What decides inside of an interface what the lines behind it do: a VRF takes addresses away, `no switchport` what is of a switch port. */
const DECIDES = /^(?:no )?(?:vrf|switchport|ip|ipv6|channel-group|encapsulation)\b/

const isPort = ({ line }: ConfigNode) => /^interface (?:Ethernet|Port-Channel)[\d/]+$/.test(line)
const inside = (node: ConfigNode, children: readonly ConfigNode[]): ConfigNode => ({ ...node, children })
const leaf = (line: string): ConfigNode => ({ line, children: [], lead: [], tail: [] })

const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^interface Ethernet(?=\d)/, 'interface Et'],
  [/^interface Port-Channel(?=\d)/, 'interface po'],
  [/^interface Vlan(?=\d)/, 'interface vl'],
  [/^interface Loopback(?=\d)/, 'interface Lo'],
  [/^interface Management(?=\d)/, 'interface Ma'],
]

/** Everything that is written otherwise here, by its name. */
const REWRITINGS: Readonly<Record<string, Rewriting>> = {
  'blocks in another order': (blocks, draw) => shuffledButOrdered(blocks, ({ line }) => ORDERED.test(line), draw),
  'lines of interfaces in another order': (blocks, draw) =>
    blocks.map((node) =>
      isPort(node)
        ? inside(
            node,
            shuffledButOrdered(node.children, ({ line }) => DECIDES.test(line), draw),
          )
        : node,
    ),
  'lines of VLANs in another order': (blocks, draw) =>
    blocks.map((node) => (/^vlan \d/.test(node.line) ? inside(node, draw.shuffled(node.children)) : node)),
  'no shutdown on ports': (blocks) =>
    blocks.map((node) =>
      isPort(node) && !node.children.some(({ line }) => line === 'shutdown')
        ? inside(node, [...node.children, leaf('no shutdown')])
        : node,
    ),
  'short names of interfaces': (blocks) =>
    blocks.map((node) => {
      const found = SHORT.find(([long]) => long.test(node.line))
      return found === undefined ? node : { ...node, line: node.line.replace(...found) }
    }),
  comments: (blocks, draw) =>
    blocks.map((node) => ({ ...node, lead: [...node.lead, `! generated block ${draw.below(1000)}`, ''] })),
  'lists of VLANs one by one': (blocks) =>
    blocks.map((node) =>
      inside(
        node,
        node.children.map((child) => ({
          ...child,
          line: child.line.replace(/^(switchport trunk allowed vlan )([\d,-]+)$/, spelled),
        })),
      ),
    ),
}

function spelled(_line: string, words: string, list: string) {
  const ids = list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return Array.from({ length: Math.min(to - from + 1, 200) }, (_, index) => from + index)
  })
  return ids.length >= 200 ? `${words}${list}` : words + ids.join(',')
}

/** Layout alone: another indentation, blanks at the end, empty lines, CR. */
const LAYOUTS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll(/^( {3})+/gm, (margin) => ' '.repeat((2 * margin.length) / 3)),
  (text) => text.replaceAll(/(?<=\S)$/gm, '  '),
  (text) => text.replaceAll(/^!$/gm, ''),
]

/** A configuration that means the same and is written otherwise, and in which ways. */
function rewritten(text: string, seed: number): { readonly text: string; readonly ways: readonly string[] } {
  const draw = drawOf(seed)
  const names = Object.keys(REWRITINGS)
  const ways = names.filter((_, index) => draw.below(2) === 0 || index === seed % names.length)
  const tree = parseConfig(text)
  const end = tree.children.filter(({ line }) => line === 'end')
  const blocks = ways.reduce<readonly ConfigNode[]>(
    (all, name) => REWRITINGS[name]?.(all, draw) ?? all,
    tree.children.filter(({ line }) => line !== 'end'),
  )
  const layout = /^banner |EOF$/m.test(text) ? 0 : draw.below(LAYOUTS.length)
  const made = renderConfig({ children: [...blocks, ...end], tail: tree.tail })
  return { text: LAYOUTS[layout]?.(made) ?? made, ways: layout === 0 ? ways : [...ways, `layout ${layout}`] }
}

/** A line that differs, as a test expects it: its section, how it differs, `-` for what the switch has and `+` for what is intended, and its place. */
type ExpectedLine = readonly [section: string, kind: string, sign: string, place: string]

/** A change of what a configuration means, and every line that differs by it; undefined where there is nothing to change. */
type Altering = (
  blocks: readonly ConfigNode[],
  draw: Draw,
) => { readonly blocks: readonly ConfigNode[]; readonly expected: readonly ExpectedLine[] } | undefined

function replaced(blocks: readonly ConfigNode[], by: ConfigNode, old: ConfigNode): readonly ConfigNode[] {
  return blocks.map((node) => (node === old ? by : node))
}

const added =
  (section: string, line: string, ...below: readonly string[]): Altering =>
  (blocks) =>
    blocks.some((node) => node.line === line)
      ? undefined
      : {
          blocks: [...blocks, inside(leaf(line), below.map(leaf))],
          expected: [
            [section, 'missing', '+', line],
            ...below.map((one): ExpectedLine => [section, 'missing', '+', `${line} > ${one}`]),
          ],
        }

function describedPort(blocks: readonly ConfigNode[], { below }: Draw) {
  const ports = blocks.flatMap((node) => {
    const found = node.children.find(({ line }) => line.startsWith('description '))
    return /^interface Ethernet[\d/]+$/.test(node.line) && found !== undefined ? [{ node, found }] : []
  })
  return ports[below(ports.length)]
}

/** Two entries of a list change their places. */
const swapped =
  (section: string, list: RegExp, entry: RegExp): Altering =>
  (blocks) => {
    for (const node of blocks) {
      const [first, second] = node.children
      const [one, other] = [entry.exec(first?.line ?? ''), entry.exec(second?.line ?? '')]
      if (!list.test(node.line) || first === undefined || second === undefined || one === null || other === null)
        continue
      if (one[2] === other[2]) continue
      const [a, b] = [`${one[1]}${other[2]}`, `${other[1]}${one[2]}`]
      const rest = node.children.slice(2)
      const lines: readonly ExpectedLine[] = [
        [section, 'ordered', '-', `${node.line} > ${first.line}`],
        [section, 'ordered', '-', `${node.line} > ${second.line}`],
        [section, 'ordered', '+', `${node.line} > ${a}`],
        [section, 'ordered', '+', `${node.line} > ${b}`],
      ]
      return { blocks: replaced(blocks, inside(node, [leaf(a), leaf(b), ...rest]), node), expected: lines }
    }
    return undefined
  }

/** Everything that means something else here, by its name. */
const ALTERINGS: Readonly<Record<string, Altering>> = {
  'a description goes': (blocks, draw) => {
    const port = describedPort(blocks, draw)
    if (port === undefined) return undefined
    const { node, found } = port
    const by = inside(
      node,
      node.children.filter((child) => child !== found),
    )
    return {
      blocks: replaced(blocks, by, node),
      expected: [['interface', 'extra', '-', `${node.line} > ${found.line}`]],
    }
  },
  'a description is another': (blocks, draw) => {
    const port = describedPort(blocks, draw)
    if (port === undefined) return undefined
    const { node, found } = port
    const by = inside(
      node,
      node.children.map((child) => (child === found ? leaf('description COMPLY_other') : child)),
    )
    return {
      blocks: replaced(blocks, by, node),
      expected: [
        ['interface', 'extra', '-', `${node.line} > ${found.line}`],
        ['interface', 'missing', '+', `${node.line} > description COMPLY_other`],
      ],
    }
  },
  'entries of an access list change places': swapped(
    'acl',
    /^(?:ip|ipv6|mac) access-list /,
    /^(\d+ )((?:permit|deny) .*)$/,
  ),
  'entries of a prefix list change places': swapped(
    'prefix-list',
    /^ip prefix-list /,
    /^(seq \d+ )((?:permit|deny) .*)$/,
  ),
  'the host name is another': (blocks) => {
    const found = blocks.find(({ line }) => line.startsWith('hostname '))
    if (found === undefined) return undefined
    return {
      blocks: replaced(blocks, leaf('hostname comply-other'), found),
      expected: [
        ['hostname', 'extra', '-', found.line],
        ['hostname', 'missing', '+', 'hostname comply-other'],
      ],
    }
  },
  'a VLAN comes': (blocks, draw) =>
    blocks.some(({ line }) => /^vlan [\d,-]+$/.test(line) && /[,-]/.test(line))
      ? undefined
      : added('vlan', 'vlan 3987', 'name COMPLY')(blocks, draw),
  'a time server comes': added('ntp', 'ntp server 203.0.113.77'),
  'a loopback comes': added('loopback', 'interface Loopback987', 'description COMPLY'),
  'a route comes': added('static-route', 'ip route 203.0.113.80/32 Null0'),
}

/** A configuration that means something else and is written otherwise too; what differs is given by hand, by the way that it was altered. */
function altered(
  text: string,
  seed: number,
): { readonly text: string; readonly way: string; readonly expected: readonly ExpectedLine[] } {
  const draw = drawOf(seed)
  const tree = parseConfig(text)
  const names = Object.keys(ALTERINGS)
  for (let at = seed; ; at++) {
    const way = names[at % names.length] ?? ''
    const made = ALTERINGS[way]?.(
      tree.children.filter(({ line }) => line !== 'end'),
      draw,
    )
    if (made === undefined) continue
    return {
      text: rewritten(renderConfig({ children: made.blocks, tail: [] }), seed).text,
      way,
      expected: made.expected,
    }
  }
}

/** What a switch shows of a whole configuration in a session; undefined where it refuses a line. */
async function staged({ call }: Simulated, session: string, text: string) {
  const open = `configure session ${session}`
  const commands = commandsOf(parseConfig(text))
  const cmds = ['enable', open, 'rollback clean-config', ...commands, 'end', `show session-config named ${session}`]
  const { result, error } = await call({ cmds: [...cmds, `${open} abort`], format: 'text' })
  if (error !== undefined) await call({ cmds: ['enable', `${open} abort`], format: 'text' })
  return error === undefined ? String(result?.at(-2)?.output) : undefined
}

/** A switch that runs what becomes of a text when it is typed: what a generator has written is not always what a switch prints. */
async function typedOn(text: string): Promise<Simulated | undefined> {
  const printed = await staged(simulate(text, { managementOutside: true }), 'typed', text)
  return printed === undefined ? undefined : simulate(printed, { managementOutside: true })
}

function named(running: string, candidate: string) {
  return sectionDifferences(running, candidate, sectionByKind)
    .flatMap(({ section, lines }) =>
      lines.map(({ kind, change }): ExpectedLine => {
        return [section, kind, change.sign, [...change.path, change.line].join(' > ')]
      }),
    )
    .map((line) => line.join(' | '))
    .toSorted()
}

const words = (expected: readonly ExpectedLine[]) => expected.map((line) => line.join(' | ')).toSorted()

interface Tried {
  same: number
  otherwise: number
  readonly refused: string[]
  readonly ways: Set<string>
}

const nothingTried = (): Tried => ({ same: 0, otherwise: 0, refused: [], ways: new Set() })

async function tryOn(tried: Tried, name: string, text: string, seed: number) {
  const device = await typedOn(text)
  if (device === undefined) {
    tried.refused.push(name.replace(/^.*__/, ''))
    return
  }
  const running = await device.text('show running-config')
  const same = rewritten(running, seed)
  expect(
    named(running, (await staged(device, 'same', same.text)) ?? ''),
    `${name} ${seed} ${same.ways.join(', ')}`,
  ).toEqual([])
  tried.same++
  for (const way of same.ways) tried.ways.add(way)
  const other = altered(running, seed)
  const found = named(running, (await staged(device, 'otherwise', other.text)) ?? '')
  expect(found, `${name} ${seed} ${other.way}`).toEqual(words(other.expected))
  tried.ways.add(other.way)
  tried.otherwise++
}

/** Of the recorded ones a switch refuses these: a description in two lines, which only a generator writes. */
const REFUSED = ['cv-pathfinder-edge1.cfg', 'cv-pathfinder-transit1A.cfg', 'monitor-connectivity.cfg']

describe.skipIf(shared === undefined)('recorded configurations, written otherwise (absent: ../shared)', () => {
  const configs = shared === undefined ? [] : wholeConfigs()
  const all = Array.from({ length: 510 }, (_, seed) => ({ seed, config: configs[(seed * 37) % configs.length] }))
  const here = everyNth({ test: 102, long: 51 }, 'mutated configurations', all)
  const tried = nothingTried()

  test('that mean the same do not differ, and that mean something else differ in exactly that, in its section', {
    tags: 'long',
    timeout: 300_000,
  }, async () => {
    for (const { seed, config } of here) if (config !== undefined) await tryOn(tried, config.name, config.text, seed)
    expect(configs).toHaveLength(397)
    expect(tried.same).toBe(tried.otherwise)
    expect(tried.same).toBeGreaterThanOrEqual(extent(3, extentOfLong(7, 500)))
    expect(extentOfLong(REFUSED, tried.refused.toSorted())).toEqual(REFUSED)
  })
})

describe('configurations of our own, written otherwise', () => {
  const tried = nothingTried()

  test('that mean the same do not differ, and that mean something else differ in exactly that, in its section', {
    tags: ['long', 'turn'],
  }, async () => {
    for (const [index, { name, text }] of asPrinted.entries())
      for (const seed of [3 * index, 3 * index + 1, 3 * index + 2]) await tryOn(tried, name, text, seed)
    expect(tried.refused).toEqual([])
    expect(tried.same).toBe(3 * asPrinted.length)
    expect([...Object.keys(REWRITINGS), ...Object.keys(ALTERINGS)].filter((way) => !tried.ways.has(way))).toEqual([])
  })
})
