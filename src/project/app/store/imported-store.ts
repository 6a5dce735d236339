import type { PostgresAddress } from '../../../change/record/postgres/address.ts'
import { bringHere, bringHereIfCopied } from '../../../change/record/postgres/copied.ts'
import { Questions } from '../../../change/record/postgres/database.ts'
import { type ClosedStore, closedStoreAt } from '../../../change/record/sqlite/move-out.ts'

/** Throws `store` where that is another one. */
export function broughtHere(address: PostgresAddress, closed: ClosedStore): Promise<void> {
  return asking(address, (questions) => bringHere(questions, closed))
}

/** The same where a file beside the keys says that it was closed for the copy that is there: then nobody has to move it once more. */
export async function bringHereIfClosed(address: PostgresAddress, file: string): Promise<void> {
  const closed = closedStoreAt(file)
  if (closed !== undefined) await asking(address, (questions) => bringHereIfCopied(questions, closed))
}

async function asking(address: PostgresAddress, ask: (questions: Questions) => Promise<void>) {
  const questions = new Questions(address, { name: 'eosflow, moving' })
  try {
    await ask(questions)
  } finally {
    await questions.close()
  }
}
