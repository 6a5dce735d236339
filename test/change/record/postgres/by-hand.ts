import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { draftOf, recordAt } from '../../../../src/change/record/event/record-text.ts'
import { Questions } from '../../../../src/change/record/postgres/database.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { linkHash } from '../../../../src/change/record/seal/chain.ts'
import { ALICE } from '../one-of-each-event.ts'

/** Asks a database as the user of eosflow does. */
export async function asWorker(
  { ...address }: PostgresAddress,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const questions = new Questions(address, { name: 'by hand' })
  try {
    return await questions.ask(text, values)
  } finally {
    await questions.close()
  }
}

/** The head of a chain, in hexadecimal. */
export interface Head {
  readonly n: number
  readonly hash: string
  readonly seal: string
}

export const AT = '2026-01-05T08:00:00.000Z'
/** What is no hash and no seal of anything. */
export const GARBAGE = 'ab'.repeat(32)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** A row as eosflow would write it, but for the seal: everything else needs no key. */
export function rowOf(event: EventBody, n: number, prev: string, execution?: string) {
  const envelope = { v: 1, at: AT, actor: ALICE.id, ...(execution === undefined ? {} : { execution }) } as const
  const body = recordAt(draftOf(envelope, event), n)
  const hash = hex(linkHash({ n, prev: Buffer.from(prev, 'hex'), covers: [], body }))
  return { n, covers: [], prev, hash, body }
}

/** An append that has no plain ones in it, as a worker sends it. */
const BY_HAND = `SELECT append_group((SELECT key_check FROM store), $1, ${"'{}', ".repeat(19)}'none', true, $2) AS given`

/** Appends by hand, in the name of a process that lives. */
export async function sent(address: PostgresAddress, request: object): Promise<Record<string, unknown>> {
  const [{ id } = {}] = await asWorker(address, 'SELECT id FROM worker WHERE dead IS NULL LIMIT 1')
  const rows = await asWorker(address, BY_HAND, [id, JSON.stringify([request])])
  return rows[0]?.given as Record<string, unknown>
}

export async function registerHead(address: PostgresAddress): Promise<Head> {
  const [head] = await asWorker(
    address,
    `SELECT n, encode(hash, 'hex') AS hash, encode(seal, 'hex') AS seal FROM register_head`,
  )
  return head as unknown as Head
}

/** An execution as it is kept. */
export interface ExecutionRow extends Head {
  readonly isOpen: boolean
  readonly hasActed: boolean
  readonly token: number
}

export async function executionHead(address: PostgresAddress, execution: string): Promise<ExecutionRow> {
  const [row] = await asWorker(
    address,
    `SELECT n, encode(hash, 'hex') AS hash, encode(seal, 'hex') AS seal, token, is_open AS "isOpen", has_acted AS "hasActed"
      FROM execution WHERE id = $1`,
    [execution],
  )
  return row as unknown as ExecutionRow
}
