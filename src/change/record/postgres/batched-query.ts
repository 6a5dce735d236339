import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { OutageError } from '../store/journal.ts'
import type { Questions } from './database.ts'
import { sqlStateOf } from './postgres-error.ts'

interface Waiting<Item, Answer> {
  readonly item: Item
  // When it was asked, in milliseconds of the monotonic clock.
  readonly asked: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

export interface BatchedQueryOptions<Item, Answer> {
  /** Throws `store`. */
  readonly ask: (items: readonly Item[]) => Promise<readonly Answer[]>
  /** So many items are in one statement at most. */
  readonly most: number
  readonly clock: Pick<Clock, 'monotonic'>
}

// So many statements are under way at most: one that gets no answer does not hold up all others.
const LANES = 2
// Who was not sent in so many milliseconds hears of an outage: with the statement itself it would be more than the ten seconds that whoever
// drives a change has.
const SENT_WITHIN = 2_000

/** Asks about many things in one statement: what is asked while statements are under way is the next one, so that a change of a hundred switches does not wait for a hundred round trips. No answer is of a time before its question. */
export function batchedQuery<Item, Answer>({ ask, most, clock }: BatchedQueryOptions<Item, Answer>) {
  const waiting: Waiting<Item, Answer>[] = []
  let together = most
  let lanes: readonly Promise<void>[] = []

  const open = () => {
    if (lanes.length >= LANES) return
    const lane = run().finally(() => {
      lanes = lanes.filter((one) => one !== lane)
      if (waiting.length > 0) open()
    })
    lanes = [...lanes, lane]
  }

  const run = async () => {
    // Whatever else this turn of the event loop asks goes with it.
    await new Promise<void>((done) => setImmediate(done))
    for (let group = next(); group.length > 0; group = next()) await send(group)
  }

  const next = () => {
    const now = clock.monotonic()
    const isLate = ({ asked }: Waiting<Item, Answer>) => now - asked > SENT_WITHIN
    const late = waiting.filter(isLate)
    if (late.length > 0) waiting.splice(0, waiting.length, ...waiting.filter((one) => !isLate(one)))
    for (const { reject } of late)
      reject(new OutageError('the store does not answer in time: what was asked before is not answered yet'))
    return waiting.splice(0, together)
  }

  const send = async (group: readonly Waiting<Item, Answer>[]) => {
    try {
      const answers = await ask(group.map(({ item }) => item))
      together = Math.min(most, together * 2)
      for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer)
    } catch (error) {
      if (error instanceof OutageError) together = 1
      if (isOfOne(group, error)) await alone(group)
      else for (const { reject } of group) reject(error)
    }
  }

  const alone = async (group: readonly Waiting<Item, Answer>[]) => {
    for (const one of group) await send([one])
  }

  return {
    /** Throws as the store does. */
    ask: (item: Item): Promise<Answer> => {
      const asked = clock.monotonic()
      return new Promise((resolve, reject) => {
        waiting.push({ item, asked, resolve, reject })
        open()
      })
    },

    settled: async (): Promise<void> => {
      while (lanes.length > 0) await Promise.all(lanes)
    },
  }
}

/** `text` gives a row for each item, in their order; so many items are in one statement at most. */
export function batchedRows<Item, Row>(
  { questions, clock }: { readonly questions: Questions; readonly clock: Pick<Clock, 'monotonic'> },
  text: string,
  most: number,
  columns = (items: readonly Item[]): readonly unknown[] => [items],
) {
  const ask = async (items: readonly Item[]) => {
    const rows = await questions.ask<Row>(text, columns(items))
    if (rows.length === items.length) return rows
    throw new EosflowError('store', `the database gave ${rows.length} answers to ${items.length} questions`, {
      hint: 'Somebody has altered its tables: eosflow audit verify says whether the record holds.',
    })
  }
  return batchedQuery<Item, Row>({ ask, most, clock })
}

function isOfOne({ length }: readonly unknown[], error: unknown) {
  if (length === 1 || error instanceof OutageError) return false
  return !(error instanceof EosflowError && sqlStateOf(error.cause)?.startsWith('42') === true)
}
