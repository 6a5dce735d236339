import { EosflowError } from '../../../model/error.ts'

/** Throws `store` where the package for it is not installed. */
export async function requireDriver(): Promise<void> {
  await import('../../../change/record/postgres/database.ts').catch((cause: unknown) => {
    throw new EosflowError('store', 'the store is in a database, and the package pg cannot be loaded', {
      hint: 'Install it beside eosflow: npm install pg',
      cause,
    })
  })
}
