import { objectIn } from '../event/record-text.ts'
import { sameBytes } from '../seal/chain.ts'
import { type LinkRow, REGISTER_CHAIN } from '../seal/link.ts'
import { chainWords, type WalkPoint } from './chain-walk.ts'
import type { ChainsNote } from './chains-testimony.ts'
import { type ChainsLine, readChainsLine } from './jsonl-chains.ts'
import { type SealedExecutions, sealedExecutions } from './sealed-executions.ts'
import { type WalkedChains, walkedChains } from './walked-chains.ts'

/** An export of a store with many chains, as far as it was read. */
export interface ReadChainsExport {
  readonly origin: string
  /** The position behind which it begins. */
  readonly after: number
  readonly chains: WalkedChains
  readonly notes: readonly ChainsNote[]
  /** Whether it has every chain from a position on: a segment and an excerpt have some of them. */
  readonly isExport: boolean
  /** Which executions were sealed; absent in what is no segment. */
  readonly sealed?: SealedExecutions
  /** When the newest record was written, ISO 8601 in UTC. */
  readonly latest: string | undefined
  /** When the first record at or behind a position was written, ISO 8601 in UTC. */
  timeOf(pos: number): string | undefined
}

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
  let reader: Reader | undefined
  for (const line of lines) {
    if (line === '') continue
    const read = readChainsLine(line, (chain) => reader?.chains.head(chain).hash ?? new Uint8Array(32))
    if (read?.is === 'header') reader ??= new Reader(read)
    if (reader === undefined) return undefined
    reader.take(read)
    if (reader.chains.fault !== undefined) break
  }
  reader?.end()
  return reader
}

class Reader implements ReadChainsExport {
  readonly origin: string
  readonly after: number
  readonly isExport: boolean
  readonly chains: WalkedChains
  readonly #notes: ChainsNote[] = []
  readonly #times: (readonly [pos: number, at: string])[] = []
  readonly sealed?: SealedExecutions
  readonly #named = new Map<string, number>()
  readonly #texts = new Set<string>()
  readonly #isExcerpt: boolean
  #torn = false

  constructor({ origin, after, form }: ChainsLine & { readonly is: 'header' }) {
    this.origin = origin
    this.after = after
    this.isExport = form === 'export'
    this.#isExcerpt = form === 'excerpt'
    if (form === 'segment') this.sealed = sealedExecutions(origin)
    this.chains = walkedChains(origin, {
      isWhole: after === 0 && form === 'export',
      ...(form === 'export' ? { behind: after } : {}),
      isMirrored: form !== 'segment',
    })
  }

  get notes() {
    return this.#notes
  }

  get latest() {
    return this.#times.at(-1)?.[1]
  }

  timeOf(pos: number) {
    return this.#times.find(([place]) => place >= pos)?.[1]
  }

  take(line: ChainsLine | undefined) {
    if (line?.is === 'header') {
      this.#begin(line)
      return
    }
    if (this.#torn) this.#break()
    else if (line === undefined) this.#torn = true
    else if (line.is === 'checkpoint') this.#notes.push(line)
    else if (line.is === 'seal') this.sealed?.take(line)
    else if (line.is === 'row') this.#takeRow(line)
    else this.#texts.add(line.ref)
  }

  end() {
    if (this.#torn) this.#break()
    else if (this.sealed !== undefined) {
      this.chains.find(this.sealed.faultIn(this.chains))
      this.#requireTexts()
    }
  }

  #requireTexts() {
    for (const [text, pos] of this.#named)
      if (!this.#texts.has(text)) this.#find(`the text ${text} that it names is missing`, pos)
  }

  #begin({ origin, after, starts, form }: ChainsLine & { readonly is: 'header' }) {
    this.#torn = false
    if (form === 'segment') this.sealed?.begin()
    const { newest } = this.chains.span
    if (origin !== this.origin) this.#find(`what follows is of another store, ${origin}`)
    else if (after > Math.max(newest, this.after)) this.#find(`the records between ${newest} and ${after} are missing`)
    for (const [chain, point] of starts) {
      this.#requireStart(chain, point)
      this.chains.begin(chain, point)
    }
  }

  #requireStart(chain: string, { n, hash, positions }: WalkPoint) {
    const found = this.chains.headAt(chain, n)
    if (n > 0 && found === undefined) {
      if (this.chains.head(chain).n > 0) this.#find(`it goes on with record ${n} of ${chain} and ends before that`)
      else if (this.isExport && (this.after === 0 || positions.some((position) => position > this.after)))
        this.#find(`the records of ${chain} up to record ${n} are missing`)
    } else if (
      n > 0 &&
      !(found !== undefined && sameBytes(found.hash, hash) && found.positions.join() === positions.join())
    )
      this.#find(`it goes on from a record ${n} of ${chain} that is not this one`)
  }

  #takeRow({ chain, row, isMirror }: ChainsLine & { readonly is: 'row' }) {
    if (row.digest !== undefined) this.#takeDigest(chain, row)
    else this.#takeBody(chain, row, isMirror)
  }

  #takeDigest(chain: string, row: LinkRow) {
    if (!this.#isExcerpt) this.#find(`record ${row.n} of ${chainWords(chain)} is not there, only its digest`, row.pos)
    this.chains.take(chain, row, false)
  }

  #takeBody(chain: string, row: LinkRow, isMirror: boolean) {
    const isNew = row.n > this.chains.head(chain).n
    const said = objectIn(row.body)
    if (said?.seq !== row.n) {
      this.#find(`record ${row.n} of ${chainWords(chain)} says that it is another one`, row.pos)
      return
    }
    if (isNew && isMirror && chain !== REGISTER_CHAIN) this.#find('a mirror is in a chain that has none', row.pos)
    this.chains.take(chain, row, isMirror)
    if (this.sealed !== undefined) this.#nameTexts(row)
    if (isNew && !isMirror) this.#times.push([row.pos, typeof said.at === 'string' ? said.at : ''])
  }

  #nameTexts({ body, pos }: LinkRow) {
    for (const [text] of body.matchAll(TEXT)) if (!this.#named.has(text)) this.#named.set(text, pos)
  }

  #break() {
    this.#find('a line behind it cannot be read', this.chains.span.newest)
  }

  #find(reason: string, seq = this.chains.span.newest) {
    this.chains.find({ seq, reason })
  }
}
