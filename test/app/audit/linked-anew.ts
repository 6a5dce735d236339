import { linkGenesis, linkHash } from '../../../src/journal/link.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'

const ROW = /^(\{"chain":.*?),"body":(\{.*\}),"hash":"([0-9a-f]{64})"\}$/s

/** What the line of a row says of its place. */
export interface Place {
  readonly chain: string
  readonly n: number
  readonly pos: number
  readonly covers: readonly number[]
  readonly mirror?: true
}

/** The line of a row in its parts. */
export interface Row {
  readonly place: Place
  readonly body: string
  readonly hash: string
}

/** The row that a line is of; undefined where it is another one. */
export function rowIn(line: string): Row | undefined {
  const [, place, body, hash] = ROW.exec(line) ?? []
  if (place === undefined || body === undefined || hash === undefined) return undefined
  return { place: JSON.parse(`${place}}`) as Place, body, hash }
}

/** The place of the row that a line is of. */
export const placeOf = (line: string): Place | undefined => rowIn(line)?.place

/** The line of a row. */
export const rowText = (place: Place, body: string, hash = '0'.repeat(64)): string =>
  `${JSON.stringify(place).slice(0, -1)},"body":${body},"hash":"${hash}"}`

/** A note as an export has it: ASCII. */
export const written = (value: Json): string => JSON.stringify(value).replaceAll('—', '\\u2014')

/** Lines of an export. */
type Lines = readonly string[]

/** Lines with every hash made anew: of rows, of what mirrors them, of what the next batch begins with; and with the heads of checkpoints, too. */
export function linkedAnew(lines: Lines): { readonly keepingNotes: Lines; readonly withHeads: Lines } {
  const relinking = new Relinking(String((JSON.parse(lines[0] ?? '{}') as JsonObject).origin))
  const keepingNotes = lines.map((line) => relinking.line(line))
  return { keepingNotes, withHeads: keepingNotes.map((line) => relinking.heads(line)) }
}

interface Point {
  readonly hash: string
  readonly places: readonly number[]
}

class Relinking {
  readonly #origin: string
  /** By chain and number. */
  readonly #points = new Map<string, Point>()

  constructor(origin: string) {
    this.#origin = origin
  }

  line(line: string): string {
    const row = rowIn(line)
    if (row !== undefined) return this.#row(row)
    return line.startsWith('{"kind":"eosflow.audit"') ? this.#header(JSON.parse(line) as JsonObject) : line
  }

  heads(line: string): string {
    if (!/^\{"(checkpoint|segment)"/.test(line)) return line
    const said = JSON.parse(line) as { heads: [string, number, string, number[]][] }
    const heads = said.heads.map(([chain, n, hash, places]) => {
      const point = this.#points.get(`${chain} ${n}`)
      return [chain, n, point?.hash ?? hash, point?.places ?? places]
    })
    return written({ ...said, heads } as unknown as Json)
  }

  #header(said: JsonObject): string {
    const starts = Object.entries(said.chains as unknown as Record<string, Point & { readonly n: number }>)
    const chains = starts.map(([chain, { n, ...given }]) => {
      const point = this.#points.get(`${chain} ${n}`) ?? given
      this.#points.set(`${chain} ${n}`, point)
      return [chain, { n, ...point }]
    })
    return JSON.stringify({ ...said, chains: Object.fromEntries(chains) })
  }

  #row({ place, body: given }: Row): string {
    const { chain, n, pos } = place
    const before = this.#points.get(`${chain} ${n - 1}`) ?? {
      hash: Buffer.from(linkGenesis(this.#origin, chain).hash).toString('hex'),
      places: [],
    }
    const body = place.mirror === true ? this.#mirror(given) : given
    const covers = place.covers.length === 0 ? [] : before.places
    const hash = Buffer.from(linkHash({ n, prev: Buffer.from(before.hash, 'hex'), covers, body })).toString('hex')
    this.#points.set(`${chain} ${n}`, { hash, places: [...(covers.length === 0 ? before.places : []), pos] })
    return rowText({ ...place, covers }, body, hash)
  }

  /** What a mirror says of the record that it mirrors. */
  #mirror(body: string): string {
    const [, execution, n] = /"execution":"([^"]+)".*"n":(\d+)/.exec(body) ?? []
    const to = this.#points.get(`${execution} ${n}`)?.hash
    return to === undefined ? body : body.replace(/"hash":"[0-9a-f]{64}"/, `"hash":"${to}"`)
  }
}
