import { hash as digestOf } from 'node:crypto'
import { z } from 'zod'
import { isJsonObject, type Json, readableJson } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import { hexOf, type LinkRow } from '../seal/chain.ts'
import type { ChainHead } from './chains-checkpoint.ts'
import type { WalkPoint } from './walked-chains.ts'

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

const grammar = once(() => {
  const count = z.int().nonnegative()
  const positions = z.array(count).readonly()
  const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a hash')
  const hash = digest.transform((hex): Uint8Array => Buffer.from(hex, 'hex'))
  const origin = z.string()
  const row = z.object({
    chain: z.string(),
    n: count,
    pos: count,
    covers: positions,
    mirror: z.literal(true).optional(),
    hash,
  })
  const point = z
    .object({ n: count, hash, places: positions })
    .transform(({ places, ...end }): WalkPoint => ({ ...end, positions: places }))
  const chains = z.record(z.string(), point).transform((starts) => new Map(Object.entries(starts)))
  const head = z
    .tuple([z.string(), count, hash, positions])
    .transform(([chain, n, end, places]): ChainHead => ({ chain, n, hash: end, positions: places }))
  const heads = z.array(head).readonly()
  const none: ReadonlyMap<string, WalkPoint> = new Map()
  // An export has every chain from `after` on, an excerpt some of them; a segment has executions without the register.
  const header = z.union([
    z
      .object({ kind: z.literal('eosflow.audit'), v: z.literal(2), origin, after: count, chains })
      .transform(({ chains: starts, ...said }) => ({ ...said, is: 'header', form: 'export', starts }) as const),
    z
      .object({ kind: z.literal('eosflow.excerpt'), v: z.literal(1), origin, chains })
      .transform(
        ({ chains: starts, ...said }) => ({ ...said, is: 'header', form: 'excerpt', after: 0, starts }) as const,
      ),
    z
      .object({ kind: z.literal('eosflow.segment'), v: z.literal(2), origin })
      .transform((said) => ({ ...said, is: 'header', form: 'segment', after: 0, starts: none }) as const),
  ])
  // By the member that says which line it is; of two of them the first one counts.
  const lines = {
    kind: header,
    text: z
      .object({ text: z.string(), bytes: z.string() })
      .transform(({ text, bytes }) => ({ is: 'text', ref: text, bytes: Buffer.from(bytes, 'base64') }) as const),
    digest: row.extend({ digest }).transform((said) => ({ ...said, is: 'digest' }) as const),
    checkpoint: z
      .object({ checkpoint: z.string(), heads })
      .transform((said) => ({ ...said, is: 'checkpoint', note: said.checkpoint }) as const),
    segment: z
      .object({ segment: z.string(), heads })
      .transform((said) => ({ ...said, is: 'seal', note: said.segment }) as const),
  }
  return { row, lines }
})

type Lines = ReturnType<typeof grammar>['lines']

const MEMBERS = ['kind', 'text', 'digest', 'checkpoint', 'segment'] as const

export type ChainsLine =
  | Exclude<z.output<Lines[keyof Lines]>, { readonly is: 'digest' }>
  | ({ readonly is: 'row' } & LinkedLine)

const ROW = /^(\{"chain":.*?),"body":(\{.*\}),"hash":"([0-9a-f]{64})"\}$/s

/** Reads a line; undefined for one that was half written, or is of nothing. The hash before a row is not in its line: `prev` is left to whoever knows it. */
export function readChainsLine(line: string, prevOf: (chain: string) => Uint8Array): ChainsLine | undefined {
  type Said = z.output<ReturnType<typeof grammar>['row']> & { readonly digest?: string }
  const rowOf = ({ chain, mirror, ...row }: Said, body: string) =>
    ({ is: 'row', chain, row: { ...row, prev: prevOf(chain), body }, isMirror: mirror === true }) as const
  const [, place, body = '', hash] = ROW.exec(line) ?? []
  if (place !== undefined) {
    const { data } = grammar().row.safeParse(readableJson(`${place},"hash":"${hash}"}`))
    return data && rowOf(data, body)
  }
  const said = readableJson(line)
  const member = MEMBERS.find((name) => isJsonObject(said) && Object.hasOwn(said, name))
  const data = member && grammar().lines[member].safeParse(said).data
  if (data?.is !== 'digest') return data
  const { is: _, ...digested } = data
  return rowOf(digested, '')
}
