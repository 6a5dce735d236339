import { hash as digestOf } from 'node:crypto'
import { givenJson, isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { hexOf } from '../seal/chain.ts'
import type { LinkRow } from '../seal/link.ts'
import type { WalkPoint } from './chain-walk.ts'
import type { ChainHead } from './chains-checkpoint.ts'

export interface LinkedLine {
  readonly chain: string
  readonly row: LinkRow
  readonly isMirror: boolean
}

/** The line that a batch begins with: the store, the position behind which it begins, and where the chains in it go on. */
export function chainsHeaderLine(origin: string, after: number, starts: Readonly<Record<string, WalkPoint>>): string {
  const chains = Object.entries(starts).map(([chain, { n, hash, positions }]) => [
    chain,
    { n, hash: hexOf(hash), places: positions },
  ])
  return `${JSON.stringify({ kind: 'eosflow.audit', v: 2, origin, after, chains: Object.fromEntries(chains) })}\n`
}

export function excerptHeaderLine(origin: string, register: WalkPoint): string {
  const { n, hash, positions } = register
  const chains = { register: { n, hash: hexOf(hash), places: positions } }
  return `${JSON.stringify({ kind: 'eosflow.excerpt', v: 1, origin, chains })}\n`
}

/** The line of a row whose record is not for whoever reads it: it has the digest of its body instead. */
export function digestLine({ chain, row: { n, pos, covers, body, hash } }: LinkedLine): string {
  return `${JSON.stringify({ chain, n, pos, covers, digest: digestOf('sha256', body, 'hex'), hash: hexOf(hash) })}\n`
}

export function segmentHeaderLine(origin: string): string {
  return `${JSON.stringify({ kind: 'eosflow.segment', v: 2, origin })}\n`
}

export function segmentSealLine(note: string, heads: readonly ChainHead[]): string {
  return `${JSON.stringify({ segment: note, heads: heads.map(spokenHead) }).replaceAll('—', '\\u2014')}\n`
}

export function segmentTextLine(ref: string, bytes: Uint8Array): string {
  return `${JSON.stringify({ text: ref, bytes: Buffer.from(bytes).toString('base64') })}\n`
}

/** The line of a row: its body byte for byte as it was hashed. */
export function linkedLine({ chain, row: { n, pos, covers, body, hash }, isMirror }: LinkedLine): string {
  const place = JSON.stringify({ chain, n, pos, covers, ...(isMirror ? { mirror: true } : {}) })
  return `${place.slice(0, -1)},"body":${body},"hash":"${hexOf(hash)}"}\n`
}

export function chainsCheckpointLine(note: string, heads: readonly ChainHead[]): string {
  return `${JSON.stringify({ checkpoint: note, heads: heads.map(spokenHead) }).replaceAll('—', '\\u2014')}\n`
}

function spokenHead({ chain, n, hash, positions }: ChainHead): readonly Json[] {
  return [chain, n, hexOf(hash), positions as readonly number[] & Json]
}

export type ChainsLine =
  | {
      readonly is: 'header'
      readonly origin: string
      readonly after: number
      readonly starts: ReadonlyMap<string, WalkPoint>
      /** An export has every chain from `after` on, an excerpt some of them; a segment has executions without the register. */
      readonly form: 'export' | 'excerpt' | 'segment'
    }
  | { readonly is: 'text'; readonly ref: string; readonly bytes: Uint8Array }
  | ({ readonly is: 'row' } & LinkedLine)
  | ({ readonly is: 'checkpoint' } & SpokenNote)
  | ({ readonly is: 'seal' } & SpokenNote)

interface SpokenNote {
  readonly note: string
  readonly heads: readonly ChainHead[]
}

const ROW = /^(\{"chain":.*?),"body":(\{.*\}),"hash":"([0-9a-f]{64})"\}$/s

/** Reads a line; undefined for one that was half written, or is of nothing. The hash before a row is not in its line: `prev` is left to whoever knows it. */
export function readChainsLine(line: string, prevOf: (chain: string) => Uint8Array): ChainsLine | undefined {
  const [, place, body, hash] = ROW.exec(line) ?? []
  if (place !== undefined && body !== undefined && hash !== undefined) return rowIn(`${place}}`, body, hash, prevOf)
  const value = objectIn(line)
  if (value === undefined) return undefined
  if (value.kind === 'eosflow.audit' || value.kind === 'eosflow.excerpt') return headerIn(value)
  if (value.kind === 'eosflow.segment') return segmentIn(value)
  if (value.text !== undefined) return textIn(value)
  if (value.digest !== undefined) return digestIn(value, prevOf)
  return noteIn(value)
}

function rowIn(
  place: string,
  body: string,
  hash: string,
  prevOf: (chain: string) => Uint8Array,
): ChainsLine | undefined {
  const said = objectIn(place)
  if (said === undefined) return undefined
  const { chain, n, pos, covers, mirror } = said
  if (typeof chain !== 'string' || !isCount(n) || !isCount(pos) || !isPositions(covers)) return undefined
  const row: LinkRow = { n, pos, covers, prev: prevOf(chain), hash: Buffer.from(hash, 'hex'), body }
  return { is: 'row', chain, row, isMirror: mirror === true }
}

function headerIn({ kind, v, origin, chains, ...said }: JsonObject): ChainsLine | undefined {
  const form = kind === 'eosflow.excerpt' ? 'excerpt' : 'export'
  const after = form === 'excerpt' ? 0 : said.after
  if (v !== (form === 'excerpt' ? 1 : 2) || typeof origin !== 'string' || !isCount(after) || !isJsonObject(chains))
    return undefined
  const starts = Object.entries(chains).map(([chain, said]) => [chain, pointIn(said)] as const)
  const known = starts.flatMap(([chain, point]) => (point === undefined ? [] : [[chain, point] as const]))
  if (known.length !== starts.length) return undefined
  return { is: 'header', origin, after, starts: new Map(known), form }
}

function digestIn(said: JsonObject, prevOf: (chain: string) => Uint8Array): ChainsLine | undefined {
  const { chain, n, pos, covers, digest, hash } = said
  if (typeof chain !== 'string' || !isCount(n) || !isCount(pos) || !isPositions(covers)) return undefined
  if (!isHash(digest) || !isHash(hash)) return undefined
  const row: LinkRow = { n, pos, covers, prev: prevOf(chain), hash: Buffer.from(hash, 'hex'), body: '', digest }
  return { is: 'row', chain, row, isMirror: false }
}

function segmentIn({ v, origin }: JsonObject): ChainsLine | undefined {
  if (v !== 2 || typeof origin !== 'string') return undefined
  return { is: 'header', origin, after: 0, starts: new Map(), form: 'segment' }
}

function textIn({ text, bytes }: JsonObject): ChainsLine | undefined {
  if (typeof text !== 'string' || typeof bytes !== 'string') return undefined
  return { is: 'text', ref: text, bytes: Buffer.from(bytes, 'base64') }
}

function pointIn(said: Json | undefined): WalkPoint | undefined {
  if (!isJsonObject(said)) return undefined
  const { n, hash, places } = said
  if (!isCount(n) || !isHash(hash) || !isPositions(places)) return undefined
  return { n, hash: Buffer.from(hash, 'hex'), positions: places }
}

function noteIn({ checkpoint, segment, heads }: JsonObject): ChainsLine | undefined {
  const note = checkpoint ?? segment
  if (typeof note !== 'string' || !Array.isArray(heads)) return undefined
  const spoken = (heads as readonly Json[]).flatMap((head) => headIn(head))
  const is = checkpoint === undefined ? 'seal' : 'checkpoint'
  return spoken.length === heads.length ? { is, note, heads: spoken } : undefined
}

function headIn(said: Json): readonly ChainHead[] {
  if (!Array.isArray(said)) return []
  const [chain, n, hash, positions] = said as readonly Json[]
  if (typeof chain !== 'string' || !isCount(n) || !isHash(hash) || !isPositions(positions)) return []
  return [{ chain, n, hash: Buffer.from(hash, 'hex'), positions }]
}

const isCount = (value: Json | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isHash = (value: Json | undefined): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const isPositions = (value: Json | undefined): value is readonly number[] & Json =>
  Array.isArray(value) && (value as readonly Json[]).every(isCount)

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = givenJson(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
