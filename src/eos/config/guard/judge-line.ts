import { definedItems } from '../../../model/json.ts'
import { suggest } from '../../../text/source/suggest.ts'
import { meaningOf } from '../rules/rules.ts'
import { storedForm } from '../rules/stored-form.ts'
import { type InTree, isSilent, type LineFault, type LineJudgement } from '../syntax/line-judgement.ts'
import { Modes, type SyntaxTable } from '../syntax/modes.ts'
import { fitOf, isOfType, type SyntaxNode, typeOf, type ValueEdge } from '../syntax/syntax-tree.ts'
import { TABLE } from '../syntax/table.ts'
import { heredocBodies, parseVerb, textStart } from '../text/tree.ts'

// What EOS has names for in `ip protocol`, as the manual lists them; any other is a number.
const PROTOCOLS: ReadonlySet<string> = new Set(
  'ahp ahp6 esp gre icmp icmpv6 igmp ip ipv6 ospf ospfv3 pim rsvp sctp tcp udp vrrp'.split(' '),
)
const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', '6', '17', '132'])

const PORTS: ReadonlySet<string> = new Set(
  `acap acas acr-nema afpovertcp bfd bfd-echo bgp biff bootpc bootps chargen cmd daytime dcm discard domain echo exec finger ftp ftp-data gopher
  hostname http https ident imap imap3 imaps irc isakmp kerberos klogin kpasswd kshell ldap ldaps login lpd microsoft-ds mlag mobile-ip msdp
  netbios-dgm netbios-ns netbios-ss nfs nntp nntps non500-isakmp ntp ospf-lite pim-auto-rp pop2 pop3 pop3s radius radius-acct radsec rip ripng
  rsync rtsp sip sip-tls smtp snmp snmp-trap snmptrap sqlnet ssh sunrpc syslog tacacs talk telnet tftp time twamp vxlan who whois www xdmcp`.split(
    /\s+/,
  ),
)

// What may be behind the addresses, in any order, each with as many values as it takes.
const OPTIONS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'ack established fin fragments log psh rst syn tracked urg'.split(' ').map((word) => [word, 0]),
  ),
  dscp: 1,
  'nexthop-group': 1,
  'hop-limit': 2,
  ttl: 2,
}

// What icmp has behind the addresses: a type by name, or by number with its code.
const ICMP_NAME =
  /^(?:administratively-prohibited|echo(?:-reply|-request)?|[a-z]+-(?:unreachable|problem|exceeded|advertisement|solicitation|reply|request|too-big)|packet-too-big|parameter-problem|redirect|source-quench|time-exceeded|traceroute|ttl-exceeded|unreachable)$/

class Words {
  readonly #words: readonly string[]
  #at = 0

  constructor(line: string) {
    this.#words = line.split(/\s+/)
  }

  get isOver(): boolean {
    return this.#at >= this.#words.length
  }

  take(isWanted: (word: string) => boolean): string | undefined {
    const word = this.#words[this.#at]
    if (word === undefined || !isWanted(word)) return undefined
    this.#at += 1
    return word
  }
}

const isAddress = (word: string) => isOfType('ip', word) || isOfType('ip6', word)
const isPrefix = (word: string) => isOfType('prefix', word) || isOfType('prefix6', word)
const isNumber = (word: string) => isOfType('int', word)
const isPort = (word: string) => isNumber(word) || PORTS.has(word)
const any = () => true

/**
 * Whether a line is a rule of an `ip access-list` or an `ipv6 access-list`, with or without its number: action, protocol, source, its ports, destination, its ports,
 * options. What configurations show of rules are too few of the forms that EOS takes for a table to know them (User Manual, ACLs: permit and deny).
 */
export function isAccessRule(line: string): boolean {
  const words = new Words(line)
  words.take(isNumber)
  if (words.take((word) => word === 'permit' || word === 'deny') === undefined) return false
  const protocol = words.take((word) => PROTOCOLS.has(word) || (isNumber(word) && Number(word) < 256))
  if (protocol === undefined) return false
  for (let end = 0; end < 2; end += 1) {
    if (!takesAddress(words)) return false
    if (WITH_PORTS.has(protocol) && !takesPorts(words)) return false
  }
  if (protocol.startsWith('icmp') && words.take((word) => isNumber(word) || ICMP_NAME.test(word)) !== undefined)
    words.take(isNumber)
  return takesOptions(words)
}

function takesAddress(words: Words) {
  const first = words.take((word) => word === 'any' || word === 'host' || isAddress(word) || isPrefix(word))
  if (first === undefined) return false
  return first === 'host' || isAddress(first) ? words.take(isAddress) !== undefined : true
}

// Ten ports at most follow `eq` and `neq`.
function takesPorts(words: Words) {
  const compared = words.take((word) => ['eq', 'neq', 'gt', 'lt', 'range'].includes(word))
  if (compared === undefined) return true
  let count = 0
  while (words.take(isPort) !== undefined) count += 1
  if (compared === 'range') return count === 2
  return compared === 'eq' || compared === 'neq' ? count >= 1 && count <= 10 : count === 1
}

function takesOptions(words: Words) {
  while (!words.isOver) {
    const option = words.take((word) => Object.hasOwn(OPTIONS, word))
    if (option === undefined) return false
    for (let value = 0; value < (OPTIONS[option] ?? 0); value += 1) if (words.take(any) === undefined) return false
  }
  return true
}

interface Place {
  readonly nodes: readonly SyntaxNode[]
  readonly hasJumped: boolean
}

const NOWHERE: Place = { nodes: [], hasJumped: false }

interface LostLine {
  readonly tree: SyntaxNode
  readonly words: readonly string[]
  readonly above: readonly string[]
  readonly isGuess: boolean
}

const wordAt = (words: readonly string[], token: number): Pick<LineFault, 'token' | 'word' | 'behind'> => ({
  token,
  word: words[token] ?? '',
  behind: words.slice(0, token).join(' '),
})

function endAt({ nodes, hasJumped }: Place): InTree {
  if (hasJumped) return { kind: 'seldom' }
  if (nodes.some(({ isEnd, isSeldom }) => isEnd && !isSeldom)) return { kind: 'known' }
  return { kind: nodes.some(({ isSeldom }) => isSeldom) ? 'seldom' : 'incomplete' }
}

// What is before the rules of lists, as running-config shows them.
const NUMBERS: readonly (readonly [list: RegExp, number: string])[] = [
  [/^(?:ip|mac) access-list /, '10'],
  [/^ip prefix-list /, 'seq 10'],
]

// Words behind which values follow each other in any number, as the manual has it: the AS numbers of a path, communities, addresses of
// servers, ports.
const LISTS: ReadonlySet<string> = new Set(['prepend', 'community', 'name-server', 'eq', 'neq'])

// Whether a word is one more value of a list: of the type of the word before it.
function isListed(words: readonly string[], token: number) {
  const type = typeOf(words[token] ?? '')
  const isAlike = type !== 'word' && typeOf(words[token - 1] ?? '') === type
  return isAlike && words.slice(0, token - 1).some((word) => LISTS.has(word))
}

const SPELT = /^[a-z][a-z-]*[a-z]$/i
// A keyword may have digits too: `ipv6`, `speed-group1`.
const KEYWORD = /^[a-z][a-z\d-]*$/i
const SLIP = 2
const SHORTEST = 4

const ACCESS_LIST = /^ip(?:v6)? access-list (?!standard )/

type Family = ReadonlyMap<string, readonly SyntaxNode[]>

const NO_FAMILY: Family = new Map()

const ruleModeOf = (above: readonly string[]) =>
  above.reduce((mode, opener) => meaningOf(mode, parseVerb(opener).line).block?.mode ?? 'unknown', 'root')

const keywordsOf = (nodes: readonly SyntaxNode[]) => nodes.flatMap(({ words }) => [...words.keys()])

/** Judges lines by a table of the syntax of EOS (docs/adr/0101). */
export function lineJudge(table: SyntaxTable) {
  const modes = new Modes(table)
  const families = new Map<SyntaxNode, Family>()

  /** A shortened word is known where one word alone begins so, and a line of a mode around its own is known, as EOS takes it. @param above the commands that open its mode, outermost first */
  function judge(above: readonly string[], line: string): LineJudgement {
    const judged = numbered(above, line) ?? judgeTyped(above, line)
    if (judged.kind === 'known' || judged.kind === 'unknown-mode') return judged
    if (ACCESS_LIST.test(above.at(-1) ?? '') && isAccessRule(line)) return { kind: 'known' }
    // No configuration shows a form that EOS stores in another one.
    const stored = storedForm(ruleModeOf(above), line, undefined)
    return stored !== line && judgeTyped(above, stored).kind === 'known' ? { kind: 'known' } : judged
  }

  function beginsLine(word: string) {
    return modes.beginning(word).length > 0
  }

  /** Whether lines of the mode that these commands open begin with these two words, written out, or end after the only one. */
  function beginsHere(above: readonly string[], [first = '', second]: readonly string[]) {
    const mode = modes.opened(above)
    const node = mode ? modes.tree(mode).words.get(first) : undefined
    if (node === undefined) return false
    return second === undefined ? node.isEnd : node.words.has(second) || node.values.length > 0
  }

  function beginsRootLine(word: string) {
    return modes.tree('').words.has(word)
  }

  // The judgement of a rule of a list that is typed without its number, which EOS gives it; undefined for another line.
  function numbered(above: readonly string[], line: string): LineJudgement | undefined {
    const number = /^(?:permit|deny|remark) /.test(line)
      ? NUMBERS.find(([list]) => list.test(above.at(-1) ?? ''))
      : undefined
    if (number === undefined) return undefined
    const judged = judgeTyped(above, `${number[1]} ${line}`)
    if (!('token' in judged)) return judged
    const words = number[1].split(' ').length
    const behind = judged.behind.split(' ').slice(words).join(' ')
    return { ...judged, token: judged.token - words, behind }
  }

  function judgeTyped(above: readonly string[], line: string): LineJudgement {
    if (line.startsWith('!') || heredocBodies(line, above.at(-1)) > 0) return { kind: 'known' }
    const { verb, line: positive } = parseVerb(line)
    const words = positive.split(/\s+/)
    const mode = modes.opened(above)
    if (mode === undefined) return { kind: 'unknown-mode' }
    const own = inTree(modes.tree(mode), words, above)
    const judged = isSilent(own) ? own : (around(above, words, own) ?? own)
    // What is taken away need not be said whole.
    if (isSilent(judged) || (judged.kind === 'incomplete' && verb !== '')) return { kind: 'known' }
    return verb !== '' && 'token' in judged ? { ...judged, token: judged.token + 1 } : judged
  }

  function around(above: readonly string[], words: readonly string[], own: InTree): InTree | undefined {
    const [first = ''] = words
    const isStray = 'token' in own && own.token === 0
    const around = above.map((_, index) => above.slice(0, above.length - 1 - index))
    const judged = around.flatMap((path) => {
      const tree = modes.tree(modes.opened(path) ?? '')
      if (!tree.words.has(first)) return []
      const found = inTree(tree, words, path)
      return 'near' in own && found.kind === 'known' && !familyOf(tree, first).has(own.word) ? [] : [found]
    })
    const known = judged.find(({ kind }) => kind === 'known')
    return known ?? (isStray ? judged.find(({ kind }) => kind !== 'unsaid') : undefined)
  }

  // `isGuess`: whether it is no line that somebody typed, so that nothing is looked for in its place.
  function inTree(tree: SyntaxNode, words: readonly string[], above: readonly string[], isGuess = false): InTree {
    const text = textStart(words, above.at(-1))
    const places: Place[] = [{ nodes: [tree], hasJumped: false }]
    for (const token of words.keys()) {
      if (token === text) return { kind: 'known' }
      const place = places[token] ?? NOWHERE
      const step = stepAt(tree, words, token, place)
      if (step === undefined) return lost({ tree, words, above, isGuess }, places)
      places.push(step)
    }
    return endAt(places.at(-1) ?? NOWHERE)
  }

  function stepAt(tree: SyntaxNode, words: readonly string[], token: number, place: Place): Place | undefined {
    const [first = ''] = words
    const word = words[token] ?? ''
    // A list may have blanks behind its commas: `666, 777`.
    if (words[token - 1]?.endsWith(',')) return place
    const next = stepFrom(place, word, token === words.length - 1) ?? elsewhere(tree, first, token, word)
    return next ?? (isListed(words, token) ? place : undefined)
  }

  function lost({ tree, words, above, isGuess }: LostLine, places: readonly Place[]): InTree {
    const token = places.length - 1
    const strayed = token === 0 ? strayedTo(tree, words, above) : undefined
    if (strayed !== undefined) return strayed
    const family = token === 0 ? NO_FAMILY : familyOf(tree, words[0] ?? '')
    const fault = faultAt(places[token] ?? NOWHERE, wordAt(words, token), family)
    if (fault.kind !== 'unsaid' || isGuess) return fault
    const slipped = places.findIndex((place, at) => isSlip(tree, words, above, { place, at }))
    return slipped < 0 ? fault : { kind: 'unexpected-word', ...wordAt(words, slipped) }
  }

  function isSlip(
    tree: SyntaxNode,
    words: readonly string[],
    above: readonly string[],
    { place, at }: { readonly place: Place; readonly at: number },
  ) {
    const word = words[at] ?? ''
    if (word.length < SHORTEST || !SPELT.test(word)) return false
    const names = keywordsOf(place.nodes).filter((name) => name !== word && suggest(word, [name], 1) !== undefined)
    return names.some((name) => inTree(tree, words.with(at, name), above, true).kind === 'known')
  }

  function strayedTo(tree: SyntaxNode, words: readonly string[], above: readonly string[]): InTree | undefined {
    const [word = ''] = words
    // That a mode lacks a line says little where one source alone has the mode.
    const enough = tree.isSeldom ? ['known'] : ['known', 'seldom']
    const isOfOther = modes.beginning(word).some((other) => enough.includes(inTree(other, words, above, true).kind))
    return isOfOther ? { kind: 'other-mode', token: 0, word, behind: '' } : undefined
  }

  function stepFrom({ nodes, hasJumped }: Place, word: string, isLast: boolean): Place | undefined {
    const next = nodes.flatMap((node) => {
      const exact = node.words.get(word)
      const values = node.values.filter(
        (edge) =>
          fitOf(edge, word) === 'fits' &&
          !(exact !== undefined && (isLast || edge.next.isSeldom)) &&
          !isRatherKeyword(node, edge, word),
      )
      return definedItems(exact, ...values.map((edge) => edge.next))
    })
    if (next.length > 0) return { nodes: next, hasJumped }
    const begun = new Set(keywordsOf(nodes).filter((name) => name.startsWith(word)))
    const [only = ''] = begun
    return begun.size === 1 ? { nodes: nodes.flatMap(({ words }) => words.get(only) ?? []), hasJumped } : undefined
  }

  function elsewhere(tree: SyntaxNode, first: string, token: number, word: string): Place | undefined {
    const nodes = token === 0 ? undefined : familyOf(tree, first).get(word)
    return nodes === undefined ? undefined : { nodes, hasJumped: true }
  }

  function isRatherKeyword(node: SyntaxNode, { usual = [], next }: ValueEdge, word: string) {
    const shortest = next.isSeldom ? SHORTEST - 1 : SHORTEST
    if (node.words.has(word) || usual.includes(word) || !isMisspelt(word, shortest)) return false
    return suggest(word, [...usual, ...node.words.keys()]) !== undefined
  }

  function faultAt({ nodes }: Place, where: Pick<LineFault, 'token' | 'word' | 'behind'>, family: Family): InTree {
    const { word } = where
    const edges = nodes.flatMap(({ values }) => values)
    const names = [...keywordsOf(nodes), ...edges.flatMap(({ usual = [] }) => usual)]
    const near = isMisspelt(word) ? (suggest(word, names, SLIP) ?? suggest(word, [...family.keys()], SLIP)) : undefined
    if (new Set(keywordsOf(nodes).filter((name) => name.startsWith(word))).size > 1)
      return { kind: 'ambiguous', ...where }
    if (near !== undefined) return { kind: 'misspelt', ...where, near }
    const fits = new Set(edges.map((edge) => fitOf(edge, word)))
    if (fits.has('out-of-range')) return { kind: 'out-of-range', ...where }
    if (mayBe(nodes, word, names)) return { kind: 'unsaid' }
    if (names.length + edges.length === 0) return { kind: 'too-many', ...where }
    return { kind: fits.has('wrong-type') ? 'wrong-type' : 'unexpected-word', ...where }
  }

  // A table has too few lines to say of a word of EOS that it is none of this place, but for one that is like a word of it. Where one source
  // alone has the place, also a word like none of EOS may be there: a new feature has such.
  function mayBe(nodes: readonly SyntaxNode[], word: string, names: readonly string[]) {
    const isSeldom = nodes.some((node) => node.isSeldom)
    if (!KEYWORD.test(word)) return isSeldom
    if (modes.hasParts(word)) return suggest(word, names) === undefined
    return isSeldom && SPELT.test(word) && !modes.isLikeWord(word)
  }

  // Whether a word looks like a keyword and no configuration of EOS has it.
  function isMisspelt(word: string, shortest = SHORTEST) {
    return word.length >= shortest && SPELT.test(word) && !modes.hasWord(word)
  }

  function familyOf(tree: SyntaxNode, first: string): Family {
    const top = tree.words.get(first)
    if (top === undefined) return NO_FAMILY
    const known = families.get(top)
    if (known !== undefined) return known
    const found = new Map<string, SyntaxNode[]>()
    const walk = (node: SyntaxNode) => {
      for (const [word, next] of node.words) {
        const places = found.get(word)
        if (places === undefined) found.set(word, [next])
        else places.push(next)
        walk(next)
      }
      for (const { next } of node.values) walk(next)
    }
    walk(top)
    families.set(top, found)
    return found
  }

  return { judge, beginsLine, beginsHere, beginsRootLine }
}

const eos = lineJudge(TABLE)

export const { beginsLine, beginsHere, beginsRootLine } = eos
export const judgeLine = eos.judge
