import { objectIn } from '../event/record-text.ts'
import { type ChainFault, type LinkRow, REGISTER_CHAIN, sameBytes } from '../seal/chain.ts'
import { type ChainHead, headsOf, readSegmentSeal } from './chains-checkpoint.ts'
import type { ChainsNote } from './chains-testimony.ts'
import { type ChainsLine, readChainsLine } from './jsonl-chains.ts'
import { readNote } from './signed-note.ts'
import { chainWords, type WalkedChains, type WalkPoint, walkedChains } from './walked-chains.ts'

/** An export of a store with many chains, as far as it was read. */
export type ReadChainsExport = ReturnType<typeof readerOf>['read']

const TEXT = /blob:[0-9a-f]{64}/g
const HEADER = /^\{"kind":"eosflow\.(audit|segment)","v":(\d{1,9}),/
const VERSION = '2'

/** Whether a line is the head of an export, or of a segment. */
export function isExportHeader(line: string): boolean {
  return HEADER.exec(line)?.[2] === VERSION
}

/** What a line is the head of, where that is of another version than this eosflow reads. */
export function otherVersionOf(line: string): { readonly what: string; readonly version: string } | undefined {
  const [, kind, version = VERSION] = HEADER.exec(line) ?? []
  return version === VERSION ? undefined : { what: kind === 'segment' ? 'a segment' : 'an export', version }
}

/**
 * Reads an export and verifies it line by line. What was delivered twice must be the same; a line that was half written is passed
 * over where the next batch begins. Undefined when the first line is not the head of one.
 */
export function readChainsExport(lines: Iterable<string>): ReadChainsExport | undefined {
  let reader: ReturnType<typeof readerOf> | undefined
  for (const line of lines) {
    if (line === '') continue
    const read = readChainsLine(line, (chain) => reader?.read.chains.head(chain).hash ?? new Uint8Array(32))
    if (read?.is === 'header') reader ??= readerOf(read)
    if (reader === undefined) return undefined
    reader.take(read)
    if (reader.read.chains.fault !== undefined) break
  }
  reader?.end()
  return reader?.read
}

type Header = ChainsLine & { readonly is: 'header' }

function readerOf({ origin, after, form }: Header) {
  const notes: ChainsNote[] = []
  const times: (readonly [pos: number, at: string])[] = []
  const named = new Map<string, number>()
  const texts = new Set<string>()
  const isExport = form === 'export'
  const sealed = form === 'segment' ? sealedExecutions(origin) : undefined
  const chains = walkedChains(origin, {
    isWhole: after === 0 && isExport,
    ...(isExport ? { behind: after } : {}),
    isMirrored: form !== 'segment',
  })
  let isTorn = false

  function take(line: ChainsLine | undefined) {
    if (line?.is === 'header') {
      begin(line)
      return
    }
    if (isTorn) breakOff()
    else if (line === undefined) isTorn = true
    else if (line.is === 'checkpoint') notes.push(line)
    else if (line.is === 'seal') sealed?.take(line)
    else if (line.is === 'row') takeRow(line)
    else texts.add(line.ref)
  }

  function end() {
    if (isTorn) breakOff()
    else if (sealed !== undefined) {
      chains.find(sealed.faultIn(chains))
      for (const [text, pos] of named) if (!texts.has(text)) find(`the text ${text} that it names is missing`, pos)
    }
  }

  function begin(header: Header) {
    isTorn = false
    if (header.form === 'segment') sealed?.begin()
    const { newest } = chains.span
    if (header.origin !== origin) find(`what follows is of another store, ${header.origin}`)
    else if (header.after > Math.max(newest, after))
      find(`the records between ${newest} and ${header.after} are missing`)
    for (const [chain, point] of header.starts) {
      requireStart(chain, point)
      chains.begin(chain, point)
    }
  }

  function requireStart(chain: string, { n, hash, positions }: WalkPoint) {
    const found = chains.headAt(chain, n)
    if (n > 0 && found === undefined) {
      if (chains.head(chain).n > 0) find(`it goes on with record ${n} of ${chain} and ends before that`)
      else if (isExport && (after === 0 || positions.some((position) => position > after)))
        find(`the records of ${chain} up to record ${n} are missing`)
    } else if (
      n > 0 &&
      !(found !== undefined && sameBytes(found.hash, hash) && found.positions.join() === positions.join())
    )
      find(`it goes on from a record ${n} of ${chain} that is not this one`)
  }

  function takeRow({ chain, row, isMirror }: ChainsLine & { readonly is: 'row' }) {
    if (row.digest !== undefined) takeDigest(chain, row)
    else takeBody(chain, row, isMirror)
  }

  function takeDigest(chain: string, row: LinkRow) {
    if (form !== 'excerpt') find(`record ${row.n} of ${chainWords(chain)} is not there, only its digest`, row.pos)
    chains.take(chain, row, false)
  }

  function takeBody(chain: string, row: LinkRow, isMirror: boolean) {
    const isNew = row.n > chains.head(chain).n
    const said = objectIn(row.body)
    if (said?.seq !== row.n) {
      find(`record ${row.n} of ${chainWords(chain)} says that it is another one`, row.pos)
      return
    }
    if (isNew && isMirror && chain !== REGISTER_CHAIN) find('a mirror is in a chain that has none', row.pos)
    chains.take(chain, row, isMirror)
    if (sealed !== undefined) nameTexts(row)
    if (isNew && !isMirror) times.push([row.pos, typeof said.at === 'string' ? said.at : ''])
  }

  function nameTexts({ body, pos }: LinkRow) {
    for (const [text] of body.matchAll(TEXT)) if (!named.has(text)) named.set(text, pos)
  }

  function breakOff() {
    find('a line behind it cannot be read', chains.span.newest)
  }

  function find(reason: string, seq = chains.span.newest) {
    chains.find({ seq, reason })
  }

  return {
    take,
    end,
    read: {
      origin,
      chains,
      notes: notes as readonly ChainsNote[],
      // Whether it has every chain from a position on: a segment and an excerpt have some of them.
      isExport,
      // Which executions were sealed; absent in what is no segment.
      sealed,
      timeOf: (pos: number) => times.find(([place]) => place >= pos)?.[1],
    },
  }
}

interface Seal {
  readonly note: string
  readonly heads: readonly ChainHead[]
}

/** Which executions were sealed in a segment, or in several that are read one behind the other. */
export type SealedExecutions = ReturnType<typeof sealedExecutions>

/** Takes their seals as they are read, and holds them against the chains. */
export function sealedExecutions(origin: string) {
  const seals: Seal[] = []
  let expected = 0

  function begin(): void {
    expected += 1
  }

  function take(seal: Seal): void {
    seals.push(seal)
  }

  function faultIn(chains: WalkedChains): ChainFault | undefined {
    const { first, newest } = chains.span
    const reason = sealReason() ?? missingReason(chains) ?? strangeReason(chains)
    return reason === undefined ? undefined : { seq: first === 0 ? newest : first, reason }
  }

  function sealReason(): string | undefined {
    if (seals.length < expected) return 'the seal of the segment is missing: something was taken off its end'
    if (seals.length > expected) return 'the segment has another seal than its own'
    const isBad = seals.some(({ note, heads }) => !isOver(note, heads))
    return isBad ? 'the executions that the seal of the segment names are not those that were signed' : undefined
  }

  function isOver(note: string, heads: readonly ChainHead[]) {
    const said = readSegmentSeal(readNote(note)?.text ?? '')
    if (said?.origin !== origin) return false
    const { count, root } = headsOf(heads)
    return said.executions.count === count && sameBytes(said.executions.root, root)
  }

  function missingReason(chains: WalkedChains) {
    for (const sealed of heads()) {
      const reason = otherEnd(sealed, chains.head(sealed.chain))
      if (reason !== undefined) return reason
    }
    return undefined
  }

  function strangeReason(chains: WalkedChains) {
    const known = new Set(heads().map(({ chain }) => chain))
    const strange = chains.chains.find((chain) => !known.has(chain))
    return strange === undefined ? undefined : `execution ${strange} was not sealed in this segment`
  }

  function heads() {
    return seals.flatMap(({ heads }) => heads)
  }

  return {
    get notes() {
      return seals.map(({ note }) => note)
    },
    begin,
    take,
    faultIn,
  }
}

function otherEnd({ chain, n, hash, positions }: ChainHead, found: ChainHead) {
  if (found.n === 0) return `execution ${chain} was taken out of the segment: it was sealed with ${n} records`
  if (found.n < n) return `record ${found.n + 1} of execution ${chain} is missing: it was sealed with ${n} records`
  if (found.n > n) return `record ${n + 1} of execution ${chain} was not sealed with it`
  if (!sameBytes(found.hash, hash)) return `record ${n} of execution ${chain}, or one before it, was rewritten`
  return found.positions.join() === positions.join()
    ? undefined
    : `record ${n} of execution ${chain} is at another place`
}
