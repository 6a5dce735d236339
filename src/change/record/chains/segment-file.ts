import { readChainsLine } from '../audit/jsonl-chains.ts'
import { type LinkRow, linkGenesis } from '../seal/link.ts'

// From which byte of a file to which.
type Span = readonly [from: number, to: number]

interface Place {
  readonly chain: string
  readonly n: number
  readonly pos: number
}

export interface SegmentRow {
  readonly chain: string
  readonly row: LinkRow
}

const LINE_END = 10
const BEGINNING = 200
const ROW = /^\{"chain":"([^"]+)","n":(\d+),"pos":(\d+),/
const TEXT = /^\{"text":"(blob:[0-9a-f]{64})",/

/** The file of a segment, as bytes, with where in it everything is. */
export class SegmentFile {
  readonly #bytes: Uint8Array
  readonly #origin: string
  readonly #executions = new Map<string, Span[]>()
  readonly #places: Place[] = []
  readonly #texts = new Map<string, Span>()

  constructor(origin: string, bytes: Uint8Array) {
    this.#bytes = bytes
    this.#origin = origin
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(LINE_END, from)
      const to = end === -1 ? bytes.length : end
      this.#take([from, to])
      from = to + 1
    }
    this.#places.sort((one, other) => one.pos - other.pos)
  }

  rowsOf(execution: string): readonly LinkRow[] {
    let { hash: prev } = linkGenesis(this.#origin, execution)
    const rows: LinkRow[] = []
    for (const span of this.#executions.get(execution) ?? []) {
      const read = readChainsLine(this.#line(span), () => prev)
      if (read?.is !== 'row') return rows
      rows.push(read.row)
      prev = read.row.hash
    }
    return rows
  }

  /** Rows between two positions, both included, in order; at most `limit`. */
  rowsBetween(from: number, through: number, limit: number): readonly SegmentRow[] {
    const places = this.#places.filter(({ pos }) => pos >= from && pos <= through).slice(0, limit)
    const chains = new Map(places.map(({ chain }) => [chain, this.rowsOf(chain)]))
    return places.flatMap(({ chain, n }) => {
      const row = chains.get(chain)?.[n - 1]
      return row === undefined ? [] : [{ chain, row }]
    })
  }

  text(ref: string): Uint8Array | undefined {
    const span = this.#texts.get(ref)
    const read = span === undefined ? undefined : readChainsLine(this.#line(span), () => new Uint8Array(32))
    return read?.is === 'text' ? read.bytes : undefined
  }

  #take(span: Span): void {
    const [from, to] = span
    const begins = this.#line([from, Math.min(to, from + BEGINNING)])
    const [, chain, n, pos] = ROW.exec(begins) ?? []
    if (chain !== undefined) {
      const spans = this.#executions.get(chain) ?? []
      spans.push(span)
      this.#executions.set(chain, spans)
      this.#places.push({ chain, n: Number(n), pos: Number(pos) })
      return
    }
    const ref = TEXT.exec(begins)?.[1]
    if (ref !== undefined) this.#texts.set(ref, span)
  }

  #line([from, to]: Span): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, to - from).toString()
  }
}
